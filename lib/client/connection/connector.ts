import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Observable } from 'rxjs';
import type { Root } from '../../protocol/types';
import { isAnything, isAtLeast, isDuration, isFunction, type Validators } from '../../util/options';
import type { Connection, ConnectionContext } from './connection';
import { isValidateOutput, type ValidateOutput } from './validateOutput';
import { assertReconnect, type Reconnect } from './retry/reconnectPolicy';

/**
 * The silence after which a stream is considered dead: milliseconds, `'auto'` to learn the limit from the server's
 * keep-alives, or `false` for no limit.
 */
export type Watchdog = number | 'auto' | false;

/** Options for all connectors. */
export interface ConnectorOptions {
  /**
   * The client's initial roots. Read when a session is created; `session.roots$` replaces them. Default `[]`.
   */
  roots?: readonly Root[] | undefined;
  /**
   * The policy for reopening dropped streams and lost connections: options for `backoff()`, a config for RxJS's `retry`, or
   * `false` to never reconnect. Default: `backoff()`.
   */
  reconnect?: Reconnect | undefined;
  /**
   * Timeout for the handshake, in milliseconds. An attempt whose handshake takes longer fails. A fallback to another transport or
   * protocol era has its own timeout. Default 30,000.
   */
  connectTimeout?: number | undefined;
  /**
   * The interval between pings, in milliseconds. The connection is lost if a ping is not answered within the interval. Default
   * `false`: no pings are sent.
   */
  keepAlive?: number | false | undefined;
  /**
   * The protocol engine. Read for each attempt. Default: an engine for protocol versions up to 2025-11-25. `modern()` of
   * `rx-mcp/modern` adds 2026-07-28.
   */
  engine?: Engine | undefined;
  /**
   * Whether tool results are validated against the tool's output schema. `true`: a call whose result does not match fails with an
   * `InvalidResultError`, which contains the result. `'report'`: the result is delivered, and the error is emitted on `errors$`.
   * `false`: results are not validated. Read for each attempt. Default `true`.
   */
  validateOutput?: ValidateOutput | undefined;
}

/** Connects to one server. */
export interface Connector {
  /** The options this connector was created with. */
  readonly options: ConnectorOptions;
  /**
   * Opens a new transport and initializes it. Cold. Emits one {@link Connection}. Errors with an `MCPError` when the
   * attempt fails or the connection is lost. Completes when the connection is closed on purpose. Unsubscribing closes it.
   *
   * ```ts
   * connector.connect().pipe(retry(backoff()))   // reconnects whenever the connection is lost
   * ```
   *
   * A stream that drops while the server still knows the session is reopened on the same connection, with the policy of
   * the connector's `reconnect` option. To use another policy, pass it both to that option and to `retry`.
   *
   * @param context - passed by sessions. Without it, the connection has its own streams.
   */
  connect(context?: ConnectionContext): Observable<Connection>;
}

/** The target of an {@link Engine}: a server at a URL, or behind a transport. */
export type EngineTarget = {
  /** The context of the session. */
  context: ConnectionContext;
  /** Connects to the same server with the default engine. Cold. */
  legacy$: Observable<Connection>;
} & (
  | { kind: 'http'; url: URL; options: HttpOptions & ConnectorOptions }
  | {
      kind: 'transport';
      options: ConnectorOptions;
      /** Creates a transport for one attempt. Calling `lost` ends the connection with that error. */
      createTransport(lost: (error: Error) => void): Transport | Promise<Transport>;
    }
);

/** Connects to a target, with the contract of `Connector.connect`: cold, one {@link Connection}. Created by `modern()`. */
export type Engine = (target: EngineTarget) => Observable<Connection>;

/** HTTP options of connectors and of servers in a configuration. */
export interface HttpOptions {
  /** Headers of every request, for example `Authorization`. Never shown in errors. Default: none. */
  headers?: ConstructorParameters<typeof Headers>[0];
  /**
   * An OAuth provider of the SDK. Supplies the token of each request, and authorizes after a 401. Default: none, and a 401 is
   * an `UnauthorizedError`.
   */
  authProvider?: OAuthClientProvider | undefined;
  /** A custom `fetch`, for proxies, cookies or tests. Default: `globalThis.fetch`. */
  fetch?: FetchLike | undefined;
  /** The policy for reopening dropped streams and lost connections. Default: `backoff()`. */
  reconnect?: Reconnect | undefined;
  /**
   * The silence after which the listening stream is considered dead: milliseconds, `'auto'` (default) to learn the limit from
   * the server's keep-alives, or `false` for no limit.
   */
  watchdog?: Watchdog | undefined;
  /**
   * When the stream for notifications outside of calls is open: `'always'` (default); `'demand'`, only while a subscription needs
   * it; or `false`, never. Serverless hosts bill for open streams, and browsers allow six connections to a host over HTTP/1.1.
   * From protocol 2026-07-28 on, a stream carries only requested notifications, so `'always'` has the same effect as `'demand'`.
   */
  listen?: 'always' | 'demand' | false | undefined;
}

/** Validators for {@link ConnectorOptions}. The session validates the roots. */
export const connectorChecks: Validators = {
  roots: isAnything,
  reconnect: assertReconnect,
  connectTimeout: isAtLeast(0),
  keepAlive: isDuration(false),
  engine: isFunction,
  validateOutput: isValidateOutput,
};
