import { MCPSession, type Root } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programOf } from './programOf';

/** What an official server is started with. */
export interface StdioSessionOptions {
  env?: Record<string, string>;
  roots?: readonly Root[];
}

/** A session with an official server over stdio, not connected yet. */
export function stdioSession(name: Parameters<typeof programOf>[0], options: StdioSessionOptions = {}): MCPSession {
  const { env, roots } = options;
  const server = { command: process.execPath, args: [programOf(name)], env, stderr: 'ignore' as const };
  return new MCPSession(new StdioConnector(server, { roots }), { timeout: 10_000 });
}
