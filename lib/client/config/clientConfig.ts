import type { Connector, ConnectorOptions } from '../connection/connector';
import type { HttpConnectorOptions } from '../connector/httpConnector';
import type { NotificationHandler } from '../session/sessionOptions';
import type { StdioServer } from '../stdio/stdioServer';

/** Options for all kinds of servers. */
interface ServerOptions {
  /**
   * Called with each notification of this server, instead of the client's `onNotification`. Default: the client's
   * `onNotification`.
   */
  onNotification?: NotificationHandler | undefined;
  /**
   * Whether the server is disabled. `createAllSessions()` skips a disabled server, and `session(name)` throws. Default
   * `false`.
   */
  disabled?: boolean | undefined;
}

/** The configuration of a server at a URL. */
export interface HttpServerConfig extends HttpConnectorOptions, ServerOptions {
  /** The URL of the server's MCP endpoint: `http:` or `https:`. */
  url: string | URL;
  /**
   * Ignored, because the transport is negotiated. Accepted for compatibility with the configuration files of other
   * clients.
   */
  type?: 'http' | 'streamable-http' | 'sse' | undefined;
}

/** The configuration of a server that runs as a child process and uses stdio. Node only. */
export interface StdioServerConfig extends StdioServer, ConnectorOptions, ServerOptions {
  /** Accepted for compatibility with the configuration files of other clients. */
  type?: 'stdio' | undefined;
}

/**
 * The configuration of a server with a custom connector, for example a `TransportConnector`, or a connector that
 * replays a recording.
 */
export interface ConnectorServerConfig extends ServerOptions {
  /** The connector of the server. Its own options apply. */
  connector: Connector;
}

/** The configuration of a server: by its URL, by a command that starts it, or by a connector. */
export type ServerConfig = HttpServerConfig | StdioServerConfig | ConnectorServerConfig;

/** The configuration of an {@link MCPClient}, in the format of the configuration files of other clients. */
export interface MCPClientConfig {
  /** The configuration of each server, by name. */
  mcpServers: Readonly<Record<string, ServerConfig>>;
  /** Called with each notification of the servers that have no `onNotification`. Default: none. */
  onNotification?: NotificationHandler | undefined;
}
