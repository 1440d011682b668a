import type { Observable } from 'rxjs';
import type { SessionExpiredError } from '../../errors';
import type { JSONRPCMessage, RequestId } from '../../protocol/types';
import type { StreamState } from '../connection/connection';

/** The connection attempt that a {@link Wire} belongs to. */
export interface WireOwner {
  /** Called when a new connection is needed, although pending requests of this wire may still be answered. */
  onOutdated(error: SessionExpiredError): void;
}

/** The endpoint of a server that may forget the session and reject its requests. */
interface WireEndpoint {
  /**
   * Whether the server has confirmed that the session has expired. Unsubscribing from `messages$` then keeps pending
   * requests open until `close()`, so that they can receive their rejections.
   */
  readonly isExpired: boolean;
  /** Whether the server has rejected a pending request, possibly because the session has expired. */
  isRejected(id: RequestId): boolean;
  /** Ends the session on the server. Sends nothing after the signal has aborted. */
  terminate(signal: AbortSignal): Promise<void>;
}

/** The transport of one connection. Sends and receives JSON-RPC messages. Each connection has its own wire. */
export interface Wire {
  /**
   * Emits each received message, in wire order, as parsed JSON. Errors when the wire is lost; never completes. Cold,
   * for one subscriber: subscribing starts the wire, and unsubscribing ends it and aborts its pending operations.
   */
  readonly messages$: Observable<unknown>;
  /**
   * Opens the wire. Resolves when it can send messages, and rejects if it cannot be opened. May not settle if the wire
   * ends first. Absent if a wire can send messages as soon as it has started.
   */
  open?(): Promise<void>;
  /**
   * Sends a message on subscription. Completes when the message was accepted and, for a request, its response stream
   * has ended. Errors if the message or the response to it is lost. Unsubscribing aborts both. Cold.
   */
  send(message: JSONRPCMessage): Observable<never>;
  /**
   * Sets the negotiated protocol version. Resolves when `notifications/initialized` may be sent. By then, the stream
   * for messages outside of calls is open, if the server allows this before initialization. Does not settle if the wire
   * ends first.
   */
  setProtocolVersion(version: string): Promise<void>;
  /** The state of the stream for messages outside of calls. Hot. Absent if all messages arrive on one stream. */
  readonly stream$?: Observable<StreamState>;
  /** Whether the first state of `stream$` is known, so that `stream$` emits it on subscription. Default `false`. */
  readonly hasStreamState?: boolean;
  /**
   * Returns when the server was last known to be live, in milliseconds since the Unix epoch. Absent if the server is
   * live as long as the wire is open.
   */
  lastLiveAt?(): number;
  /** Returns whether the session can expire on the server while the wire is open. If absent, it can. */
  mayExpire?(): boolean;
  /** Whether the wire adds the request id to a response that lacks one. Absent if all messages arrive on one stream. */
  readonly respondsPerRequest?: boolean;
  /** The endpoint that requests are sent to. Absent if all messages are sent and received on one stream. */
  readonly endpoint?: WireEndpoint;
  /** Releases the resources of the wire. Resolves when they are released. Never rejects. */
  close(): Promise<void>;
}
