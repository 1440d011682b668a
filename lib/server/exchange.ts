import type { Observable } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, Notification } from '../protocol/types';
import type { Caller } from './caller';
import type { ServerSession } from './serverSession';

/**
 * A client request that is being answered, with its means of sending messages. The same for both protocol eras and all
 * transports.
 */
export interface Exchange {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  /** The session. `undefined` for protocol 2026-07-28 and in a stateless server. */
  readonly session?: ServerSession | undefined;
  /**
   * Emits when the response is no longer needed: the request was cancelled, the client has disconnected, or the session
   * has ended. Late subscribers receive the emission immediately.
   */
  readonly ended$: Observable<unknown>;
  /** Returns the minimum level of the log messages to send, or `undefined` to send none. */
  logLevel(): LoggingLevel | undefined;
  /** Sends a notification on the response stream of the request. After the response, has no effect. */
  send(notification: Notification): void;
  /**
   * Sends a request to the client. Emits one response and completes. Cold.
   *
   * @param key - identifies the request within the call. Must be the same each time the call runs.
   */
  request$(key: string, method: string, params: Record<string, unknown>): Observable<unknown>;
  /**
   * Whether the call ended with requests for input. The client then sends its request again, with the answers. Only
   * with protocol 2026-07-28.
   */
  readonly isInputRequired?: boolean;
}
