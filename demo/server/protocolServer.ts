import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

/** The protocol-level half of the SDK's server: its lists can be paged and its notifications be of any method. */
export type ProtocolServer = McpServer['server'];
