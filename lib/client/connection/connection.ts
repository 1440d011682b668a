import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Observable, SchedulerLike } from 'rxjs';
import type { MCPError } from '../../errors';
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
import type { WireObserver } from './wireEvent';

/** The state of the stream on which a server sends what nobody asked for. */
export type StreamState =
  | { listening: true }
  | {
      listening: false;
      /** When it was last heard, in milliseconds since the epoch. */
      since: number;
      /** How it is being opened again, if it is. */
      retry?: { attempt: number; delay: number; error: MCPError };
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

declare const opaque: unique symbol;

/**
 * What a session passes to `connector.connect()`. Opaque: a connector that wraps another one passes it on, and does not look
 * inside.
 */
export interface ConnectionContext {
  readonly [opaque]?: never;
}

/** What an engine finds in a {@link ConnectionContext}: where messages go, and how the client describes itself. */
export interface EngineContext extends ConnectionContext {
  /** Receives the notifications, faults and gaps. */
  hub: Hub;
  clientInfo: Implementation;
  /** The capabilities to declare. Read for each attempt. */
  capabilities: ClientCapabilities;
  /** Answers a request of the server. `signal` aborts when the server cancels it or the connection ends. */
  respond(request: JSONRPCRequest, signal: AbortSignal): Promise<Result>;
  /** Called with each connection that closes: the promise resolves when it has closed, and never rejects. */
  onClosing?(done: Promise<void>): void;
  /** Called with each connection that is lost: the time since when notifications may have been missed. */
  onMissed?(since: number): void;
  /** Hot; skips the delay before the next attempt. */
  retryNow$?: Observable<unknown>;
  /** Receives the wire events. Default: none are built. */
  wire$?: WireObserver;
  /** The number of this attempt in the life of the session, from 1. Default 1. */
  connection?: number;
  /** The clock of every delay. */
  scheduler: SchedulerLike;
}

/** Whether it is a context that this library made. */
export function isEngineContext(context: ConnectionContext | undefined): context is EngineContext {
  return context !== undefined && 'hub' in context;
}
