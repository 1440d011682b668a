import type { Observable } from 'rxjs';
import type { Root } from '../protocol/types';
import type { Connection, ConnectionContext } from './connection';
import type { Engine } from './engine';
import type { Reconnect } from './reconnectWaits';

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
