/**
 * Connects to servers that it spawns as child processes. Requires Node, Deno or Bun.
 *
 * @module rx-mcp/stdio
 */
export type { StdioServer } from './stdioServer';
export { StdioConnector } from './stdioConnector';
