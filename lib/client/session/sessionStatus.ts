import type { MCPError } from '../../errors';

/**
 * What state a session is in: `idle` until it is connected to; `connecting` for its first connection; `connected` while there is
 * one; `reconnecting` while there is none, or no listening stream and a first attempt to open that again has failed; `closed`
 * when it was disconnected, or when the retries ended.
 */
export type SessionStatus =
  | { state: 'idle' }
  | { state: 'connecting' }
  | {
      state: 'connected';
      /** Whether a stream for unasked-for notifications is open. Without one, calls work, and progress of calls comes. */
      listening: boolean;
      /** The version of the protocol that was agreed on. */
      protocolVersion: string;
      /** `'legacy'`: protocol 2025-11-25 and before; `'modern'`: 2026-07-28 and after. */
      protocolEra: 'legacy' | 'modern';
    }
  | {
      state: 'reconnecting';
      /** Which attempt in a row this is, from 1. */
      attempt: number;
      /** Milliseconds until it is made; `NaN` where a notifier of your own decides. */
      delay: number;
      /** Why it is needed. */
      error: MCPError;
    }
  | {
      state: 'closed';
      /** What ended the retries, if an error did. */
      error?: MCPError;
    };

/** Whether two statuses say the same. */
export function isSameStatus(one: SessionStatus, other: SessionStatus | undefined): boolean {
  const members = new Map<string, unknown>(Object.entries(other ?? {}));
  const entries = Object.entries(one);
  return entries.length === members.size && entries.every(([key, value]) => Object.is(value, members.get(key)));
}
