import type { Progress } from '../../notification/progressOf';
import type { ProgressToken } from '../../protocol/types';

/** How long a call may take, and how it is given up. Options that do not fit have the call fail with a `ConfigError`. */
export interface CallOptions {
  /** Cancels the call, here and on the server. It then fails with a `RequestCancelledError`. */
  signal?: AbortSignal;
  /**
   * Milliseconds without an answer after which the call fails with a `RequestTimeoutError`, and is cancelled on the server.
   * The wait for a connection counts; progress starts it over. Default: the session's, and without one 60,000.
   */
  timeout?: number;
  /** Milliseconds that the whole call may take, whatever progress it makes. Default: the session's, and without one no limit. */
  maxTotalTimeout?: number;
  /** The token that the server is to report progress under, for `progressOf` elsewhere. Default: one of the call's own. */
  progressToken?: ProgressToken;
}

/** What a call tells: how far it has come, any number of times, then its result, once. `kind` says which of them it is. */
export type CallEvent<R> = ({ kind: 'progress' } & Progress) | { kind: 'result'; result: R };
