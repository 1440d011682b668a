import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';

/** One client's session. */
export interface FaultSession {
  /** Empty until the client has initialized. */
  id: string;
  /** Whether `notifications/initialized` has come. */
  isInitialized: boolean;
  readonly server: McpServer['server'];
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** The URIs that the client is subscribed to. */
  readonly subscriptions: Set<string>;
}
