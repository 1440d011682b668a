import type { ServerNotificationEvent } from 'rx-mcp';
import { cut, linesOf, membersOf } from './text';

/** The kind of an entry, which determines its colour. */
export type EntryKind = 'progress' | 'message' | 'change' | 'custom' | 'sent' | 'received' | 'connection';

/** A notification or a raw message in a feed. Its size is limited, so that a server cannot exceed it. */
export interface FeedEntry {
  /** A number that increases with each entry. */
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

/** Maximum lengths, in characters. */
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

/** Moves the progress token to the end, because the progress itself is more important in a narrow column. */
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
