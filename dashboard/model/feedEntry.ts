import type { ServerNotificationEvent } from 'rx-mcp';
import { cut, linesOf, membersOf } from './text';

/** A notification as the feed keeps it, within a size that the server cannot exceed. */
export interface FeedEntry {
  /** Counts up. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly server: string;
  readonly method: string;
  /** The params on one line. */
  readonly params: string;
  /** The params, one member per line. */
  readonly detail: string;
}

/** Characters. */
const maxLength = { method: 200, params: 300, detail: 2_000 };

/** Creates the feed entry of a notification. */
export function feedEntry(id: number, at: number, { server, notification }: ServerNotificationEvent): FeedEntry {
  const { method, params } = notification;
  // The token comes last: in a narrow column, the progress itself is what matters.
  const { progressToken, ...rest } = params ?? {};
  const ordered = progressToken === undefined ? rest : { ...rest, progressToken };
  return {
    id,
    at,
    server,
    method: cut(method, maxLength.method),
    params: cut(membersOf(ordered), maxLength.params),
    detail: cut(linesOf(ordered), maxLength.detail),
  };
}
