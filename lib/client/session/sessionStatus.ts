import type { MCPError } from '../../errors';

/**
 * The state of a session. `idle`: not connected yet. `connecting`: the first connection is being opened. `connected`: there is a
 * connection. `reconnecting`: there is no connection, or the first attempt to reopen its dropped stream has failed. `closed`: the
 * session was disconnected, or the retries ended.
 */
export type SessionStatus =
  | { state: 'idle' }
  | { state: 'connecting' }
  | {
      state: 'connected';
      /** Whether a stream for notifications outside of calls is open. Without one, calls and their progress still work. */
      listening: boolean;
      /** The negotiated protocol version. */
      protocolVersion: string;
      /** `'legacy'` up to protocol 2025-11-25, `'modern'` from 2026-07-28. */
      protocolEra: 'legacy' | 'modern';
    }
  | {
      state: 'reconnecting';
      /** The number of the attempt in a row, from 1. */
      attempt: number;
      /** The delay before the attempt, in whole milliseconds. `NaN` if a user-supplied notifier decides. */
      delay: number;
      /** The error that caused the attempt. */
      error: MCPError;
    }
  | {
      state: 'closed';
      /** The error that ended the retries, if there was one. */
      error?: MCPError;
    };

/** Whether two statuses are equal. */
export function isSameStatus(one: SessionStatus, other: SessionStatus | undefined): boolean {
  const members = new Map<string, unknown>(Object.entries(other ?? {}));
  const entries = Object.entries(one);
  return entries.length === members.size && entries.every(([key, value]) => Object.is(value, members.get(key)));
}
