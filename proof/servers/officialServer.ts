import { createRequire } from 'node:module';
import { MCPSession, type Root } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';

const { resolve } = createRequire(import.meta.url);

/** Resolves the program of an official server. */
export function programOf(name: 'everything' | 'filesystem' | 'memory'): string {
  return resolve(`@modelcontextprotocol/server-${name}/dist/index.js`);
}

/** Options for {@link stdioSession}. */
interface StdioSessionOptions {
  env?: Record<string, string>;
  roots?: readonly Root[];
}

/** Creates a session with an official server over stdio, not connected. */
export function stdioSession(name: Parameters<typeof programOf>[0], options: StdioSessionOptions = {}): MCPSession {
  const { env, roots } = options;
  const server = { command: process.execPath, args: [programOf(name)], env, stderr: 'ignore' as const };
  return new MCPSession(new StdioConnector(server, { roots }), { timeout: 10_000 });
}
