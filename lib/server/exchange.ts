import type { Observable } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, Notification } from '../protocol/types';
import type { Caller } from './caller';
import type { ServerSession } from './serverSession';

/** A request that is being served. Common to both eras and all transports. */
export interface Exchange {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  /** The session. `undefined` in 2026-07-28 and in a stateless server. */
  readonly session?: ServerSession | undefined;
  /**
   * Emits when the response is no longer needed: the request was cancelled, the client has left, or the session has
   * ended. Replays this emission to late subscribers.
   */
  readonly ended$: Observable<unknown>;
  /** Returns the lowest level of log messages that the client requests, or `undefined` for none. */
  logLevel(): LoggingLevel | undefined;
  /** Sends a notification on the request's own stream. Drops it after the response. */
  send(notification: Notification): void;
  /**
   * Sends a request to the client. Cold; emits one response.
   *
   * @param key - identifies the request among those of the call. Must be the same each time that the call runs.
   */
  request$(key: string, method: string, params: Record<string, unknown>): Observable<unknown>;
  /**
   * Whether the request ended with requests for input. The client then sends the request again, with the answers. Only in
   * 2026-07-28.
   */
  readonly isInputRequired?: boolean;
}
