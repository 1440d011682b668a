import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { type Connector, HttpConnector, MCPSession, type Root } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { type HttpServer, startHttpServer } from './startHttpServer';

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

/** Paths of `server-everything` by transport. */
const paths = { streamableHttp: '/mcp', sse: '/sse' };

/** Starts `server-everything` with a transport over HTTP. */
export const startEverything = (transport: keyof typeof paths): Promise<HttpServer> =>
  startHttpServer({ args: () => [programOf('everything'), transport], path: paths[transport] });

/** Client capabilities for which `server-everything` sends every kind of message. */
const capabilities = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

/** Creates a session with `server-everything`, not connected. */
export function sessionOver(connector: Connector): MCPSession {
  return new MCPSession(connector, { capabilities, timeout: 10_000 });
}

/** Creates a connector to the `server-everything` at a URL; without a URL, to a new process per connection. */
export function connectorTo(url: string | undefined): Connector {
  return url === undefined
    ? new StdioConnector({ command: process.execPath, args: [programOf('everything'), 'stdio'], stderr: 'ignore' })
    : new HttpConnector(url);
}

/** Runs `use` with a session and then disconnects. Rejects if the session emitted an unexpected error in the meantime. */
export async function withSession<T>(
  session: MCPSession,
  use: (session: MCPSession) => Promise<T>,
  isExpected: (error: Error) => boolean = () => false,
): Promise<T> {
  const errors: Error[] = [];
  session.errors$.subscribe((error) => {
    if (!isExpected(error)) errors.push(error);
  });
  try {
    const result = await use(session);
    assert.deepEqual(errors, [], 'nothing on errors$');
    return result;
  } finally {
    await session.disconnect();
  }
}
