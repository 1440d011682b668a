import type { ServerNotificationEvent } from 'rx-mcp';
import { cut } from './cut';

/** A notification in the feed, truncated to a maximum size. */
export interface FeedEntry {
  /** Counts up. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly server: string;
  readonly method: string;
  /** The params, as JSON. */
  readonly params: string;
}

/** In characters. */
const longest = { method: 200, params: 2_000 };

/** What the feed keeps of a notification. */
export function feedEntry(id: number, at: number, { server, notification }: ServerNotificationEvent): FeedEntry {
  const { method, params } = notification;
  // Whose progress it is says less than how far it has come: that is to be seen in a narrow column, too.
  const { progressToken, ...rest } = params ?? {};
  return {
    id,
    at,
    server,
    method: cut(method, longest.method),
    params: params === undefined ? '' : cut(JSON.stringify({ ...rest, progressToken }), longest.params),
  };
}
