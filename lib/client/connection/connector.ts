import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Observable } from 'rxjs';
import type { Root } from '../../protocol/types';
import { isAnything, isAtLeast, isDuration, isFunction, type Validators } from '../../util/options';
import type { Connection, ConnectionContext } from './connection';
import { isValidateOutput, type ValidateOutput } from './validateOutput';
import { assertReconnect, type Reconnect } from './retry/reconnectPolicy';

/**
 * The time without data after which a stream is considered dead:
 *
 * - a number: this time, in milliseconds.
 * - `'auto'`: derived from the keep-alives of the server.
 * - `false`: no limit.
 */
export type Watchdog = number | 'auto' | false;

/** Options that all connectors have in common. */
export interface ConnectorOptions {
  /** The client's initial roots. Read when a session is created; after that, use `session.roots$`. Default: `[]`. */
  roots?: readonly Root[] | undefined;
  /**
   * The policy for reopening dropped streams and reconnecting: options for `backoff()`, a config for RxJS's `retry`, or
   * `false` to never reconnect. Default: `backoff()`.
   */
  reconnect?: Reconnect | undefined;
  /**
   * Timeout for the handshake, in milliseconds. When it expires, the attempt fails with a `ConnectionFailedError`. A
   * fallback to another transport or protocol era has its own timeout. Default 30,000.
   */
  connectTimeout?: number | undefined;
  /**
   * The interval between pings, in milliseconds, or `false` for no pings. If a ping is not answered within the
   * interval, the connection is considered lost. Use it to detect lost connections to servers that send no keep-alives.
   * Default `false`.
   */
  keepAlive?: number | false | undefined;
  /**
   * The protocol engine. To support protocol 2026-07-28, pass `modern()` of `rx-mcp/modern`. Read for each attempt.
   * Default: an engine for protocol versions up to 2025-11-25.
   */
  engine?: Engine | undefined;
  /**
   * Whether tool results are validated against the tool's output schema. See {@link ValidateOutput}. Read for each
   * attempt. Default `true`.
   */
  validateOutput?: ValidateOutput | undefined;
}

/** Opens connections to one server. Create one with `HttpConnector`, `StdioConnector` or `TransportConnector`. */
export interface Connector {
  /** The options this connector was created with. */
  readonly options: ConnectorOptions;
  /**
   * Connects on subscription. Cold: each subscription opens a new transport and initializes it. Emits one `Connection`.
   * Errors with an `MCPError` when the attempt fails or the connection is lost. Completes when the connection is closed
   * with `close()`. Unsubscribing closes the connection.
   *
   * ```ts
   * connector.connect().pipe(retry(backoff()))   // reconnects whenever the connection is lost
   * ```
   *
   * If a stream drops while the server still has the session, the stream is reopened on the same connection. The policy
   * is the `reconnect` option of the connector. To use another policy, pass it both to that option and to `retry`.
   *
   * @param context - the context of a session. Default: none, for a connection without a session.
   */
  connect(context?: ConnectionContext): Observable<Connection>;
}

/** The target of an {@link Engine}: a server at a URL, or one that is reached over a transport. */
export type EngineTarget = {
  /** The context of the session. */
  context: ConnectionContext;
  /** Connects to the same target with the default engine. Cold. */
  legacy$: Observable<Connection>;
} & (
  | { kind: 'http'; url: URL; options: HttpOptions & ConnectorOptions }
  | {
      kind: 'transport';
      options: ConnectorOptions;
      /**
       * Creates a transport for one attempt. The transport's creator calls `lost` to end the connection with an error.
       */
      createTransport(lost: (error: Error) => void): Transport | Promise<Transport>;
    }
);

/**
 * Connects to a target. The returned Observable has the contract of {@link Connector.connect}. Created by `modern()`.
 */
export type Engine = (target: EngineTarget) => Observable<Connection>;

/** Options for connections over HTTP. */
export interface HttpOptions {
  /** Headers for every request, for example `Authorization`. Errors never contain their values. Default: none. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /**
   * An OAuth provider of the SDK. Its token is sent with each request, and after a 401, its authorization flow runs.
   * Default: none; a 401 leads to an `UnauthorizedError`.
   */
  authProvider?: OAuthClientProvider | undefined;
  /** A custom `fetch`, for example to use a proxy, send cookies or test. Default: `globalThis.fetch`. */
  fetch?: FetchLike | undefined;
  /**
   * The policy for reopening dropped streams and reconnecting. See {@link ConnectorOptions.reconnect}. Default:
   * `backoff()`.
   */
  reconnect?: Reconnect | undefined;
  /**
   * The time without data after which the stream for notifications is considered dead and is reopened. See
   * {@link Watchdog}. Default: `'auto'`, derived from the keep-alives of the server.
   */
  watchdog?: Watchdog | undefined;
  /**
   * When to keep the stream for notifications outside of calls open:
   *
   * - `'always'` (default): while the session is connected.
   * - `'demand'`: only while there is a subscription that needs the stream.
   * - `false`: never.
   *
   * Limit the stream if the server is billed for open streams, or if the page needs several sessions: browsers allow
   * six connections per host over HTTP/1.1. With protocol 2026-07-28, a stream carries only requested notifications, so
   * `'always'` has the same effect as `'demand'`.
   */
  listen?: 'always' | 'demand' | false | undefined;
}

/** Validators for {@link ConnectorOptions}. The roots are validated by the session. */
export const connectorChecks: Validators = {
  roots: isAnything,
  reconnect: assertReconnect,
  connectTimeout: isAtLeast(0),
  keepAlive: isDuration(false),
  engine: isFunction,
  validateOutput: isValidateOutput,
};
