import type { SchedulerLike } from 'rxjs';
import type { ClientCapabilities, Implementation } from '../protocol/types';

/** What a session can be told. All of it is read when the session is made; what does not fit is a `ConfigError` then. */
export interface SessionOptions {
  /** Who the client is, as servers are told. Default: this library, and its version. */
  clientInfo?: Implementation;
  /** Capabilities, beside those that follow from `roots$` and `handle`. Default: none. */
  capabilities?: ClientCapabilities;
  /** The default `timeout` of every call, in milliseconds. Default 60,000. */
  timeout?: number;
  /** The default `maxTotalTimeout` of every call, in milliseconds. Default: no limit. */
  maxTotalTimeout?: number;
  /**
   * What a call does that is made while there is no connection, be it before `connect()` or while it reconnects: `'wait'`
   * for one, as long as its timeout lets it (the default), or `'fail'` at once with a `ConnectionLostError`. When the
   * session is closed, it fails with a `SessionClosedError` either way.
   */
  offline?: 'wait' | 'fail';
  /** The clock of every delay and timeout. Default: RxJS's `asyncScheduler`. */
  scheduler?: SchedulerLike;
}
