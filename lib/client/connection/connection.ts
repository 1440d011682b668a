import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Observable, SchedulerLike } from 'rxjs';
import type { Hub } from '../../notification/hub';
import type {
  ClientCapabilities,
  Implementation,
  JSONRPCRequest,
  Notification,
  Request,
  Result,
  ResultMap,
  ServerCapabilities,
} from '../../protocol/types';

/** The state of the stream on which a server sends what nobody asked for. */
export type StreamState =
  | { listening: true }
  | {
      listening: false;
      /** When it was last heard, in milliseconds since the epoch. */
      since: number;
      /** How it is being opened again, if it is. */
      retry?: { attempt: number; delay: number; error: Error };
    };

/** One live, initialized connection to a server. It ends when it is lost; what goes on is whoever retries `connect()`. */
export interface Connection {
  /** `'legacy'`: protocol 2025-11-25 and before; `'modern'`: 2026-07-28 and after. */
  readonly protocolEra: 'legacy' | 'modern';
  /** The version of the protocol that was agreed on. */
  readonly protocolVersion: string;
  /** What the server says that it can do. */
  readonly capabilities: ServerCapabilities;
  /** Who the server says that it is. */
  readonly serverInfo: Implementation;
  /** What the server says about how to use it. */
  readonly instructions: string | undefined;
  /**
   * The SDK's own client, for what is not covered here. Its progress, timeouts and handlers work as documented there. With
   * the modern era there is none of that kind: `clientOf` of `rx-mcp/modern` has the one there is.
   */
  readonly client: Client | undefined;
  /** Hot; every notification of the server, in wire order. */
  readonly notifications$: Observable<Notification>;
  /** The current state of the stream for unasked-for notifications, then each change. */
  readonly stream$: Observable<StreamState>;
  /** Cold; sends the request, emits its result and completes. Unsubscribing before that cancels it on the server. */
  request$<M extends keyof ResultMap>(request: Request & { method: M }): Observable<ResultMap[M]>;
  /** The same, for a method that the protocol does not define. */
  request$(request: Request): Observable<Result>;
  /** Sends a notification; resolves when the transport has taken it. */
  notify(notification: Notification): Promise<void>;
  /** Ends the session on the server, then closes. `connect()` completes. */
  close(): Promise<void>;
}

/** What a connection is made for: where its messages go, and what it says of the client. */
export interface ConnectionContext {
  /** Where what comes in goes. */
  hub: Hub;
  /** Who the client is. */
  clientInfo: Implementation;
  /** What the client can do, beside roots. Read for each attempt. */
  capabilities: ClientCapabilities;
  /** Answers a request of the server. `signal` aborts when the server cancels it or the connection ends. */
  respond(request: JSONRPCRequest, signal: AbortSignal): Promise<Result>;
  /** Is told of each connection that closes, with a promise of when that is done; it never rejects. */
  onClosing?(done: Promise<void>): void;
  /** Is told of each connection that is lost, since when the server may have sent what nobody heard. */
  onMissed?(since: number): void;
  /** Hot; emits when an attempt that is being waited for is to be made at once. */
  retryNow$?: Observable<unknown>;
  /** The clock of every delay. */
  scheduler: SchedulerLike;
}
