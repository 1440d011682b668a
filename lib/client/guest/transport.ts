import { firstValueFrom, type Observable, type SchedulerLike, switchMap } from 'rxjs';
import type { Gap } from '../../notification/hub';
import type { JSONRPCMessage, LoggingLevel, Notification, ProgressToken, Request, Result } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import type { AttachedClients } from './attachedClients';

/**
 * An SDK `Transport` on top of a session, for any MCP client library. Created by {@link MCPSession.transport}.
 * Compatible with `Transport` of `@modelcontextprotocol/sdk` and `@modelcontextprotocol/client`, and with
 * `MCPTransport` of `@ai-sdk/mcp`.
 */
export interface SessionTransport {
  /** Starts delivering messages from the server. Called by the client library. */
  start(): Promise<void>;
  /**
   * Sends a message of the client library. If the message is `initialize` and the session cannot connect, rejects with
   * the typed error of the session. If any other request fails, the client library receives a JSON-RPC error, with the
   * name of the typed error in `data.name`.
   */
  send(message: JSONRPCMessage): Promise<void>;
  /** Cancels all pending requests and calls `onclose`. The session stays open. */
  close(): Promise<void>;
  /** Called once, when the transport is closed or the session has ended. Set by the client library. */
  onclose?: () => void;
  /** Called with errors that do not belong to a request. Set by the client library. */
  onerror?: (error: Error) => void;
  /** Called with each message from the server, in order. Set by the client library. */
  onmessage?: (message: JSONRPCMessage) => void;
}

/** The members of a session that its transports use. */
export interface TransportSession {
  readonly notifications$: Observable<Notification>;
  readonly gaps$: Observable<Gap>;
  readonly connections$: Observable<Connection>;
  readonly status$: Observable<{ state: 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed' }>;
  connect(): Promise<void>;
  request$(
    method: string,
    params: Request['params'],
    options: { timeout: number; progressToken: ProgressToken },
  ): Observable<{ kind: 'progress' } | { kind: 'task' } | { kind: 'result'; result: Result }>;
  notify(method: string, params: Notification['params']): Promise<void>;
  setLoggingLevel(level: LoggingLevel): Promise<void>;
}

/** The dependencies that all transports of a session share. */
export interface TransportContext {
  clients: AttachedClients;
  /** Subscribes to a resource on the server, on the current connection and each new one, until `release` is called. */
  subscribe(uri: string, transport: SessionTransport): Promise<void>;
  unsubscribe(uri: string, transport: SessionTransport): void;
  /** Whether a request waits for a connection or fails if there is none. */
  offline: 'wait' | 'fail';
  scheduler: SchedulerLike;
}

/**
 * Returns a transport whose code is loaded on first use, because most apps never use one.
 *
 * @param code$ - loads the code. Emits synchronously once it is loaded, so that messages keep their order.
 */
export function deferredTransport<T>(code$: Observable<T>, create: (code: T) => SessionTransport): SessionTransport {
  let created: SessionTransport | undefined;

  function connect(target: SessionTransport): SessionTransport {
    target.onmessage = (message) => transport.onmessage?.(message);
    target.onerror = (error) => transport.onerror?.(error);
    target.onclose = () => transport.onclose?.();
    return target;
  }

  function withTransport(action: (target: SessionTransport) => Promise<void>): Promise<void> {
    return firstValueFrom(code$.pipe(switchMap((code) => action((created ??= connect(create(code)))))));
  }

  const transport: SessionTransport = {
    start: () => withTransport((target) => target.start()),
    send: (message) => withTransport((target) => target.send(message)),
    close: () => withTransport((target) => target.close()),
  };
  return transport;
}
