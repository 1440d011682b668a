import type { Observable } from 'rxjs';
import type { SessionExpiredError } from '../../errors';
import type { JSONRPCMessage, RequestId } from '../../protocol/types';
import type { StreamState } from '../connection/connection';

/** The connection attempt that a {@link Wire} belongs to. */
export interface WireOwner {
  /** Called when the wire must be replaced although its pending requests may still be answered. */
  onOutdated(error: SessionExpiredError): void;
}

/** The endpoint of a server that may forget the session and reject its requests. */
export interface WireEndpoint {
  /**
   * Whether the server has confirmed that it does not know the session. Unsubscribing from `messages$` then keeps pending requests
   * open until `close()`, so that they can receive their rejections.
   */
  readonly isExpired: boolean;
  /** Whether the server rejected a pending request because it may not know the session. */
  isRejected(id: RequestId): boolean;
  /** Ends the session on the server. */
  terminate(): Promise<void>;
}

/** Carries the messages of one connection. Each connection has its own wire. */
export interface Wire {
  /**
   * Emits each received message in wire order, as parsed JSON. Cold, for one subscriber. Subscribing starts the wire.
   * Unsubscribing ends it and aborts its pending operations. Errors when the wire is lost; never completes.
   */
  readonly messages$: Observable<unknown>;
  /** Completes when the wire can send. Errors if it cannot be opened. Cold. */
  open(): Observable<never>;
  /**
   * Sends a message. Cold. Completes when the message was accepted; for a request, at the latest when its response stream has
   * ended. Errors if the message or the response to it is lost. Unsubscribing abandons both.
   */
  send(message: JSONRPCMessage): Observable<never>;
  /**
   * Sets the negotiated protocol version. Cold. Completes when `notifications/initialized` may be sent. By then, the stream for
   * messages outside of calls is open if the server allows that before initialization.
   */
  setProtocolVersion(version: string): Observable<never>;
  /** The state of the stream for messages outside of calls. Hot. Absent if all messages arrive on one stream. */
  readonly stream$?: Observable<StreamState>;
  /** Returns when the server was last known to be live. Absent if an open wire proves that the server is live. */
  lastLiveAt?(): number;
  /** Returns whether the server can forget the session while the wire is open. If absent, the server can. */
  mayExpire?(): boolean;
  /** Whether the wire adds the request's id to a response without one. Absent if all messages arrive on one stream. */
  readonly respondsPerRequest?: boolean;
  /** The endpoint that requests are sent to. Absent if all messages are sent and received on one stream. */
  readonly endpoint?: WireEndpoint;
  /** Releases the resources of the wire, and resolves when that is done. Never rejects. */
  close(): Promise<void>;
}
