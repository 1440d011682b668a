import type { Observable, SchedulerLike } from 'rxjs';
import type { Gap } from '../../notification/hub';
import type { JSONRPCMessage, LoggingLevel, Notification, ProgressToken, Request, Result } from '../../protocol/types';
import type { Connection } from '../connection/connection';
import type { Guests } from './guests';

/**
 * An SDK `Transport` over a session, for any MCP client library; see `MCPSession.transport()`. It is also a `Transport` of
 * `@modelcontextprotocol/client` and an `MCPTransport` of `@ai-sdk/mcp`.
 */
export interface SessionTransport {
  /** Starts delivering the server's messages. Called by the client library. */
  start(): Promise<void>;
  /**
   * Sends a message of the client library. Rejects with the session's typed error if the message is `initialize` and the session
   * cannot connect. Any other request that fails is answered with a JSON-RPC error, which has the name of the typed error in
   * `data.name`.
   */
  send(message: JSONRPCMessage): Promise<void>;
  /** Cancels open requests and calls `onclose`. The session stays open. */
  close(): Promise<void>;
  /** Called once, when the transport is closed or the session ends. Set by the client library. */
  onclose?: () => void;
  /** Called with errors that do not belong to a request. Set by the client library. */
  onerror?: (error: Error) => void;
  /** Called with each message of the server, in order. Set by the client library. */
  onmessage?: (message: JSONRPCMessage) => void;
}

/** The public members of a session that its transports use. */
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

/** The state that a transport shares with the session and its other transports. */
export interface TransportContext {
  guests: Guests;
  /** Subscribes to updates of a resource, on the current connection and each new one, until the transport releases it. */
  hold(uri: string, transport: SessionTransport): Promise<void>;
  release(uri: string, transport: SessionTransport): void;
  /** Whether a request without a connection waits for one or fails. */
  offline: 'wait' | 'fail';
  scheduler: SchedulerLike;
}

/** Returns a transport that is loaded when it is first used, because most apps never open one. */
export function deferredTransport(load: () => Promise<SessionTransport>): SessionTransport {
  let loading: Promise<SessionTransport> | undefined;
  let loaded: SessionTransport | undefined;

  function connect(target: SessionTransport): SessionTransport {
    target.onmessage = (message) => transport.onmessage?.(message);
    target.onerror = (error) => transport.onerror?.(error);
    target.onclose = () => transport.onclose?.();
    return (loaded = target);
  }

  /** Runs an action on the transport: immediately once it is loaded, so that messages keep their order. */
  function withTransport(action: (target: SessionTransport) => Promise<void>): Promise<void> {
    return loaded ? action(loaded) : (loading ??= load().then(connect)).then(action);
  }

  const transport: SessionTransport = {
    start: () => withTransport((target) => target.start()),
    send: (message) => withTransport((target) => target.send(message)),
    close: () => withTransport((target) => target.close()),
  };
  return transport;
}
