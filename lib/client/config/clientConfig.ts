import type { Connector, ConnectorOptions } from '../connection/connector';
import type { HttpConnectorOptions } from '../connector/httpConnector';
import type { NotificationHandler } from '../session/sessionOptions';
import type { StdioServer } from '../stdio/stdioServer';

/** Members of every server's configuration. */
interface ServerOptions {
  /** Receives every notification of this server, instead of the client's default handler. */
  onNotification?: NotificationHandler | undefined;
  /** `true`: the server is not connected. `createAllSessions()` skips it, `session(name)` throws. Default `false`. */
  disabled?: boolean | undefined;
}

/** The configuration of a server at a URL. */
export interface HttpServerConfig extends HttpConnectorOptions, ServerOptions {
  /** An `http:` or `https:` URL. */
  url: string | URL;
  /**
   * Accepted for compatibility with the configuration files of other clients, and ignored: the transport is always negotiated.
   */
  type?: 'http' | 'streamable-http' | 'sse' | undefined;
}

/** The configuration of a server process. Node only. */
export interface StdioServerConfig extends StdioServer, ConnectorOptions, ServerOptions {
  /** Accepted for compatibility with the configuration files of other clients. */
  type?: 'stdio' | undefined;
}

/**
 * The configuration of a server behind a connector, for example a `TransportConnector`, or a connector that replays a recording.
 */
export interface ConnectorServerConfig extends ServerOptions {
  /** The connector of the server's session. The connector's own options apply. */
  connector: Connector;
}

/** The configuration of a server: at a URL, as a process, or behind a connector. */
export type ServerConfig = HttpServerConfig | StdioServerConfig | ConnectorServerConfig;

/** The configuration of a client: servers by name, in the shape of other clients' configuration files. */
export interface MCPClientConfig {
  /** The configuration of each server, by name. */
  mcpServers: Readonly<Record<string, ServerConfig>>;
  /** The default handler. Receives every notification of the servers that have no handler of their own. */
  onNotification?: NotificationHandler | undefined;
}
