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

/** The state of the stream for server messages that do not belong to a call. */
export type StreamState =
  | {
      listening: true;
      /**
       * `true` if lists may have been fetched before the stream opened, so that changes may have been missed. Absent
       * after a gap.
       */
      isLate?: true;
    }
  | {
      listening: false;
      /** When the stream was last known to be live, in milliseconds since the Unix epoch. */
      since: number;
      /** `true` if the server does not offer the stream, so that notifications outside of calls cannot arrive. */
      unavailable?: true;
      /**
       * The next attempt to reopen the stream: its number, the delay in milliseconds, and the error that led to it.
       * Absent if none is scheduled.
       */
      retry?: { attempt: number; delay: number; error: MCPError };
      /** `true` if the server answers requests although the stream fails with a network error. */
      reachable?: true;
    };

/** Options for {@link Connection.request$}. */
export interface RequestOptions {
  /**
   * Whether the result of a tool call is validated against the tool's output schema. Default: the connector's
   * `validateOutput`.
   */
  validateOutput?: ValidateOutput | undefined;
  /**
   * Whether the server may respond to `tools/call` with a task, which is then the result. Uses the extension
   * `io.modelcontextprotocol/tasks` of protocol 2026-07-28. Default `false`.
   *
   * @see https://modelcontextprotocol.io/extensions/tasks/overview
   */
  acceptsTask?: boolean | undefined;
}

/**
 * An initialized connection to a server. A connection is not reopened after it was lost: retry `connector.connect()` to
 * get a new one.
 */
export interface Connection {
  /** `'legacy'` for protocol versions up to 2025-11-25, `'modern'` from 2026-07-28. */
  readonly protocolEra: 'legacy' | 'modern';
  /** The negotiated protocol version. */
  readonly protocolVersion: string;
  /** The capabilities that the server declared. */
  readonly capabilities: ServerCapabilities;
  /** The server's name and version. */
  readonly serverInfo: Implementation;
  /** The server's usage instructions, if it has any. */
  readonly instructions: string | undefined;
  /** Every notification from the server, in wire order. Hot. */
  readonly notifications$: Observable<Notification>;
  /** The current {@link StreamState}, then each change. */
  readonly stream$: Observable<StreamState>;
  /**
   * Sends a request on subscription, emits the result and completes. Cold. Unsubscribing before the result cancels the
   * request on the server. Errors with an `MCPError`.
   */
  request$<M extends keyof ResultMap>(
    request: Request & { method: M },
    options?: RequestOptions,
  ): Observable<ResultMap[M]>;
  /** Sends a request with a custom method. */
  request$(request: Request, options?: RequestOptions): Observable<Result>;
  /** Sends a notification. Resolves when the transport has accepted it. */
  notify(notification: Notification): Promise<void>;
  /** Ends the session on the server, then closes the transport. The Observable of `connect()` completes. */
  close(): Promise<void>;
}

declare const opaque: unique symbol;

/**
 * The argument that a session passes to `connector.connect()`. Opaque: a connector that wraps another connector passes
 * the argument to that connector.
 */
export interface ConnectionContext {
  readonly [opaque]?: never;
}

/**
 * The contents of a {@link ConnectionContext}: the hub, the description of the client, and callbacks of the session.
 */
export interface EngineContext extends ConnectionContext {
  /** The hub to push notifications, errors and gaps into. */
  hub: Hub;
  clientInfo: Implementation;
  /** The client capabilities to declare. */
  capabilities: ClientCapabilities;
  /**
   * Answers a server request.
   *
   * @param signal - aborts when the server cancels the request or the connection ends.
   * @param origin - the client request on whose response stream the server request arrived. Absent if unknown.
   */
  respond(request: JSONRPCRequest, signal: AbortSignal, origin?: Request): Promise<Result>;
  /**
   * Returns the id for the next request. Ids are unique within the session, so that a late response cannot be mistaken
   * for the response to a request on a newer connection.
   */
  nextId(): number;
  /**
   * Called when the connection starts to close. The promise resolves when the connection has closed, and never rejects.
   */
  onClosing?(done: Promise<void>): void;
  /**
   * Called when the connection is lost, with the time since which notifications may have been missed, in milliseconds
   * since the Unix epoch.
   */
  onMissed?(since: number): void;
  /** Errors when the session is closed. Never emits. */
  closed$?: Observable<never>;
  /** Emits to skip the delay before the next attempt. Hot. */
  retryNow$?: Observable<unknown>;
  /** Receives the wire events. Default: none are created. */
  wire$?: WireObserver;
  /** Whether the session has been connected before. Default `false`. */
  isReconnection?: boolean;
  /** The number of this attempt within the session, from 1. Default 1. */
  connection?: number;
  /** The scheduler for all delays and timeouts. */
  scheduler: SchedulerLike;
}
