import type { ConnectorOptions } from '../connection/connector';
import type { HttpConnectorOptions } from '../connector/httpConnector';
import type { NotificationHandler } from '../session/sessionOptions';
import type { StdioServer } from '../stdio/childTransport';

/** What any server can be told. */
interface ServerOptions extends ConnectorOptions {
  /** Gets every notification of this server, in place of the client's default handler. */
  onNotification?: NotificationHandler;
}

/** A server at a URL. */
export interface HttpServerConfig extends HttpConnectorOptions, ServerOptions {
  /** Of `http:` or `https:`. */
  url: string | URL;
}

/** A server that is a program; Node only. */
export interface StdioServerConfig extends StdioServer, ServerOptions {}

/** One server: at a URL, or a program. */
export type ServerConfig = HttpServerConfig | StdioServerConfig;

/** The servers of a client, by name, as the configuration files of other clients have them. */
export interface MCPClientConfig {
  /** How each is reached, by its name. */
  mcpServers: Readonly<Record<string, ServerConfig>>;
  /** The default handler: gets every notification of each server that has none of its own. */
  onNotification?: NotificationHandler;
}
