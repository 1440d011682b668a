import type { Observable } from 'rxjs';
import type { JSONRPCRequest, LoggingLevel, Notification } from '../protocol/types';
import type { Caller } from './caller';
import type { ServerSession } from './serverSession';

/** A request while it is served: what the eras and transports have in common. */
export interface Exchange {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  /** Undefined in 2026-07-28 and in a stateless server. */
  readonly session?: ServerSession | undefined;
  /** Emits when the answer is not wanted any more: cancelled, the client left, the session ended. Replays that. */
  readonly ended$: Observable<unknown>;
  /** The lowest level of logs that the client wants; undefined for none. */
  logLevel(): LoggingLevel | undefined;
  /** Sends a notification on the request's own stream. Drops it after the response. */
  send(notification: Notification): void;
  /**
   * Asks the client. Cold; emits one answer.
   *
   * @param key - names the question among those of the call, the same each time the call runs.
   */
  ask$(key: string, method: string, params: Record<string, unknown>): Observable<unknown>;
}
