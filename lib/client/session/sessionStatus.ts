import type { MCPError } from '../../errors';

/**
 * The status of a session, discriminated by `state`:
 *
 * - `idle`: `connect()` has not been called yet.
 * - `connecting`: the first connection is being opened.
 * - `connected`: there is a connection.
 * - `reconnecting`: the connection was lost, or its stream was lost and the first attempt to reopen it has failed.
 * - `closed`: `disconnect()` was called, or connecting was given up.
 */
export type SessionStatus =
  | { state: 'idle' }
  | { state: 'connecting' }
  | {
      state: 'connected';
      /**
       * Whether the stream for notifications outside of calls is open. Calls and their progress work without this
       * stream.
       */
      listening: boolean;
      /** The negotiated protocol version. */
      protocolVersion: string;
      /** `'legacy'` for protocol versions up to 2025-11-25, `'modern'` from 2026-07-28. */
      protocolEra: 'legacy' | 'modern';
    }
  | {
      state: 'reconnecting';
      /**
       * The number of consecutive attempts, including the next one. Starts at 1, and again at 1 when the session stops
       * reopening its stream and opens a new connection.
       */
      attempt: number;
      /**
       * The delay before the next attempt, in whole milliseconds. `NaN` if the notifier of a user-supplied
       * `RetryConfig` decides.
       */
      delay: number;
      /** The error that led to the next attempt. */
      error: MCPError;
    }
  | {
      state: 'closed';
      /** The error after which connecting was given up. Absent after `disconnect()`. */
      error?: MCPError;
    };

/** Whether two statuses are equal. */
export function isSameStatus(one: SessionStatus, other: SessionStatus | undefined): boolean {
  if (!other) return false;
  const names = Object.keys(one);
  const isSame = (name: string): boolean => Object.is(Reflect.get(one, name), Reflect.get(other, name));
  return names.length === Object.keys(other).length && names.every(isSame);
}
