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
import type { ValidateOutput } from './validateOutput';
import type { WireObserver } from './wireEvent';

/** The state of the stream that carries server notifications and requests outside of calls. */
export type StreamState =
  | {
      listening: true;
      /** Whether lists may have been fetched before the stream opened, so that changes were missed. Absent after a gap. */
      isLate?: true;
    }
  | {
      listening: false;
      /** When the stream was last known to be live, in milliseconds since the epoch. */
      since: number;
      /** `true` if the server does not offer such a stream, so that notifications outside of a request cannot arrive. */
      unavailable?: true;
      /** The pending attempt to reopen the stream. Absent if there is none. */
      retry?: { attempt: number; delay: number; error: MCPError };
      /** `true` if the server answers requests although the stream fails with a network error. */
      reachable?: true;
    };

/** Options for a request on a {@link Connection}. */
export interface RequestOptions {
  /** Whether the result of a tool is validated against its output schema. Default: the connector's `validateOutput`. */
  validateOutput?: ValidateOutput | undefined;
  /**
   * Whether the server may respond to `tools/call` with a task, using the extension `io.modelcontextprotocol/tasks` of protocol
   * 2026-07-28. The task is then the result. Default `false`.
   *
   * @see https://modelcontextprotocol.io/extensions/tasks/overview
   */
  acceptsTask?: boolean | undefined;
}

/** A live, initialized connection to a server. A lost connection is not reopened: retry `connect()` to get a new one. */
export interface Connection {
  /** `'legacy'` up to protocol 2025-11-25, `'modern'` from 2026-07-28. */
  readonly protocolEra: 'legacy' | 'modern';
  /** The negotiated protocol version. */
  readonly protocolVersion: string;
  /** The server's declared capabilities. */
  readonly capabilities: ServerCapabilities;
  /** The server's name and version. */
  readonly serverInfo: Implementation;
  /** The server's usage instructions, if it has any. */
  readonly instructions: string | undefined;
  /** Server notifications, in wire order. Hot. */
  readonly notifications$: Observable<Notification>;
  /** The current {@link StreamState}, then each change. */
  readonly stream$: Observable<StreamState>;
  /** Sends a request, emits its result and completes. Cold. Unsubscribing earlier cancels the request on the server. */
  request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: RequestOptions,
  ): Observable<ResultMap[M]>;
  /** Sends a request with a method that the protocol does not define. */
  request$(request: Request, options?: RequestOptions): Observable<Result>;
  /** Sends a notification. Resolves when the transport has accepted it. */
  notify(notification: Notification): Promise<void>;
  /** Ends the session on the server, then closes the transport. `connect()` completes. */
  close(): Promise<void>;
}

declare const opaque: unique symbol;

/**
 * The argument that a session passes to `connector.connect()`. Opaque: a connector that wraps another one passes it on.
 */
export interface ConnectionContext {
  readonly [opaque]?: never;
}

/** The contents of a {@link ConnectionContext}: the hub that receives messages, and the client's description. */
export interface EngineContext extends ConnectionContext {
  /** Receives the notifications, faults and gaps. */
  hub: Hub;
  clientInfo: Implementation;
  /** The capabilities to declare. Read for each attempt. */
  capabilities: ClientCapabilities;
  /**
   * Answers a server request. `signal` aborts when the server cancels the request or the connection ends. `origin` is the request
   * passed to `request$` on whose response stream the server request arrived. It is absent if the transport does not know it.
   */
  respond(request: JSONRPCRequest, signal: AbortSignal, origin?: Request): Promise<Result>;
  /**
   * Returns the id of the next request. Ids are unique within the session, so a late response on a new connection cannot be mistaken
   * for the response to another request.
   */
  nextId(): number;
  /** Called with each connection that starts to close. The promise resolves once the connection has closed, and never rejects. */
  onClosing?(done: Promise<void>): void;
  /**
   * Called when a connection is lost, with the time from which notifications may have been missed, in milliseconds
   * since the epoch.
   */
  onMissed?(since: number): void;
  /** Errors when the session is closed. Never emits. */
  closed$?: Observable<never>;
  /** Hot. Each emission skips the delay before the next attempt. */
  retryNow$?: Observable<unknown>;
  /** Receives the wire events. Default: no events are created. */
  wire$?: WireObserver;
  /** Whether the session had a connection before. Default `false`. */
  isReconnection?: boolean;
  /** The number of this attempt within the session, from 1. Default 1. */
  connection?: number;
  /** The scheduler of all delays and timeouts. */
  scheduler: SchedulerLike;
}
