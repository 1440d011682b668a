import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Observable } from 'rxjs';
import type { Root } from '../../protocol/types';
import { isAnything, isAtLeast, isBoolean, isDuration, isFunction, type Validators } from '../../util/options';
import type { Connection, ConnectionContext } from './connection';
import { assertReconnect, type Reconnect } from './retry/reconnectPolicy';

/**
 * How long a stream may be silent before it is taken for dead: milliseconds; `'auto'`, learned from the server's
 * keep-alives; or `false`, for ever.
 */
export type Watchdog = number | 'auto' | false;

/** What every connector can be told. */
export interface ConnectorOptions {
  /**
   * The client's roots, until a session's `roots$` says otherwise. Read when a session is made. Default: none, and
   * `roots/list` is answered with an empty list.
   */
  roots?: readonly Root[];
  /**
   * When a stream that dropped is opened again, and a lost connection made anew: options for `backoff()`, a config for
   * RxJS's `retry`, or `false` for never. Default: `backoff()`.
   */
  reconnect?: Reconnect;
  /** Milliseconds that the handshake may take, for each attempt. Default 30,000. */
  connectTimeout?: number;
  /** Milliseconds between pings; one that is not answered in as long is a lost connection. Default `false`: none are sent. */
  keepAlive?: number | false;
  /**
   * What speaks the protocol. Read for each attempt. Default: protocol 2025-11-25 and before; `modern()` of `rx-mcp/modern`
   * speaks 2026-07-28 with servers that do.
   */
  engine?: Engine;
  /**
   * Whether what a tool answers is checked against the output schema that the server listed for it. Read for each attempt.
   * Default `true`. The server can make a schema or a pattern that takes for ever: `false` for one that you do not trust, and
   * cannot keep in a process of its own.
   */
  validateOutput?: boolean;
}

/** How to reach one server. */
export interface Connector {
  /** What it was told. */
  readonly options: ConnectorOptions;
  /**
   * Cold: subscribing opens a fresh transport and initializes. Emits one {@link Connection}; errors with a typed error when
   * the attempt fails or the connection is lost; completes when it is closed on purpose; unsubscribing closes it.
   *
   * ```ts
   * connector.connect().pipe(retry(backoff()))   // a complete reconnecting link
   * ```
   *
   * A stream that drops while the server still knows the session is opened again underneath, by the connector's own
   * `reconnect`: who has a policy of their own gives it to both.
   *
   * @param context - what a session passes; without it the connection has streams of its own.
   */
  connect(context?: ConnectionContext): Observable<Connection>;
}

/** What an engine is to connect to: a server at a URL, or one behind a transport. */
export type EngineTarget = {
  /** What the connection is made for. */
  context: ConnectionContext;
  /** Cold; the same server by the engine that is always there, for protocol 2025-11-25 and before. */
  legacy$: Observable<Connection>;
} & (
  | { kind: 'http'; url: URL; options: HttpOptions & ConnectorOptions }
  | {
      kind: 'transport';
      options: ConnectorOptions;
      /** Makes a transport of its own for each attempt. `lost` ends the connection with the reason. */
      createTransport(lost: (error: Error) => void): Transport | Promise<Transport>;
    }
);

/**
 * Turns a connector's options into connections: cold, as `Connector.connect` is. `modern()` of `rx-mcp/modern` is one.
 */
export type Engine = (target: EngineTarget) => Observable<Connection>;

/** How a server is reached over HTTP. */
export interface HttpOptions {
  /** Sent with every request, for example an `Authorization` of your own. Never shown in errors. Default: none. */
  headers?: HeadersInit;
  /**
   * The SDK's OAuth provider; asked for a token before each request, and to authorize when the server answers 401.
   * Default: none, and a 401 is an `UnauthorizedError`.
   */
  authProvider?: OAuthClientProvider;
  /** What makes the requests, for a proxy, a cookie jar or a test. Default: the platform's own. */
  fetch?: FetchLike;
  /** When a stream that dropped is opened again, and a lost connection made anew. Default: `backoff()`. */
  reconnect?: Reconnect;
  /**
   * How long the listening stream may be silent before it is taken for dead: milliseconds; `'auto'` (the default), learned
   * from the server's keep-alives; or `false`, for ever.
   */
  watchdog?: Watchdog;
}

/** Validators for {@link ConnectorOptions}. The session validates the roots. */
export const connectorChecks: Validators = {
  roots: isAnything,
  reconnect: assertReconnect,
  connectTimeout: isAtLeast(0),
  keepAlive: isDuration(false),
  engine: isFunction,
  validateOutput: isBoolean,
};
