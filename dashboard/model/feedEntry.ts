import type { ServerNotificationEvent } from 'rx-mcp';
import { cut, linesOf, membersOf } from './text';

/** What an entry is, for its colour. */
export type EntryKind = 'progress' | 'message' | 'change' | 'custom' | 'sent' | 'received' | 'connection';

/** A notification or a raw message as a feed keeps it, within a size that the server cannot exceed. */
export interface FeedEntry {
  /** Counts up. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly server: string;
  readonly kind: EntryKind;
  readonly method: string;
  /** The params on one line. */
  readonly params: string;
  /** The params, one member per line, or the raw message. */
  readonly detail: string;
}

/** Characters. */
export const maxLength = { method: 200, params: 300, detail: 2_000 };

/** Creates the feed entry of a notification. */
export function feedEntry(id: number, at: number, { server, notification }: ServerNotificationEvent): FeedEntry {
  const { method, params } = notification;
  const ordered = withTokenLast(params ?? {});
  return {
    id,
    at,
    server,
    kind: kindOf(method),
    method: cut(method, maxLength.method),
    params: cut(membersOf(ordered), maxLength.params),
    detail: cut(linesOf(ordered), maxLength.detail),
  };
}

/** Moves the progress token to the end: in a narrow column, the progress itself is what matters. */
export function withTokenLast(params: object): object {
  if (!('progressToken' in params)) return params;
  const { progressToken, ...rest } = params;
  return { ...rest, progressToken };
}

function kindOf(method: string): EntryKind {
  if (method === 'notifications/progress') return 'progress';
  if (method === 'notifications/message') return 'message';
  return method.endsWith('list_changed') || method.endsWith('/updated') ? 'change' : 'custom';
}
