/** What state a session is in. */
export type SessionStatus =
  | { state: 'idle' }
  | { state: 'connecting' }
  | {
      state: 'connected';
      /** Whether a stream for unasked-for notifications is open. Without one, calls work, and progress of calls comes. */
      listening: boolean;
      protocolVersion: string;
      protocolEra: 'legacy' | 'modern';
    }
  | {
      state: 'reconnecting';
      /** Which attempt in a row this is, from 1. */
      attempt: number;
      /** Milliseconds until it is made; `NaN` where a notifier of your own decides. */
      delay: number;
      /** Why it is needed. */
      error: Error;
    }
  | {
      state: 'closed';
      /** What ended the retries, if an error did. */
      error?: Error;
    };
