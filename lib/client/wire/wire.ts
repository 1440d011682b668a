import type { Observable } from 'rxjs';
import type { JSONRPCMessage } from '../../protocol/types';
import type { StreamState } from '../connection/connection';

/** What carries the messages of one connection. It is used once: the next connection has a wire of its own. */
export interface Wire {
  /**
   * Cold, for one subscriber: subscribing starts the wire, unsubscribing ends it with everything that is under way on it.
   * Emits each received message in wire order, as parsed JSON. Errors when the wire is lost; never completes.
   */
  readonly messages$: Observable<unknown>;
  /** Cold; completes when the wire can send, errors when it cannot be opened. */
  open(): Observable<never>;
  /**
   * Cold; sends a message. Completes when the message was accepted, for a request at the latest when its response stream
   * has ended. Errors when the message, or the answer to it, is lost. Unsubscribing abandons both.
   */
  send(message: JSONRPCMessage): Observable<never>;
  /**
   * Cold; called once the version of the protocol is agreed on. Completes when the server may be notified that the client is
   * initialized: by then, the stream for unasked-for notifications is open where the server allows it that early.
   */
  agree(version: string): Observable<never>;
  /** Hot; the state of the stream for unasked-for messages. Left out where all messages arrive on one stream. */
  readonly stream$?: Observable<StreamState>;
  /** When the server was last heard on a stream that may be dead while it is open. Left out where that is now. */
  lastHeardAt?(): number;
  /** Ends the session on the server. */
  terminate?(): Promise<void>;
  /** Releases what the wire holds; resolves when that is done. Never rejects. */
  close(): Promise<void>;
}
