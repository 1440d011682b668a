import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

/** The low-level server of the SDK, whose lists can have pages and whose notifications can have any method. */
export type ProtocolServer = McpServer['server'];
