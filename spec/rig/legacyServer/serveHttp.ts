import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { admit } from '../../../demo/server/admit';
import { listen } from '../listen';
import { createLegacyServer, type LegacyServerOptions, type SdkServer } from './createLegacyServer';

/** Options for {@link serveHttp}. */
export interface ServeHttpOptions extends LegacyServerOptions {
  /** The loopback port. Default 0, a free one. */
  port?: number;
  /** The origin of a page that may connect. Default: none. */
  origin?: string;
}

interface Session {
  server: SdkServer;
  transport: StreamableHTTPServerTransport;
}

/**
 * Serves sessions over Streamable HTTP and prints the address. Returns a function that ends the sessions gracefully and closes
 * the server.
 */
export async function serveHttp(options: ServeHttpOptions): Promise<() => Promise<void>> {
  const sessions = new Map<string, Session>();
  const open = new Set<ServerResponse>();

  const http = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!admit(request, response, options.origin)) return refuse(response, 403, 'Origin not allowed');
    if (request.url !== '/mcp') return refuse(response, 404, 'Not found');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const id = request.headers['mcp-session-id'];
    const session = typeof id === 'string' ? sessions.get(id) : await createSession();
    if (!session) return refuse(response, 404, 'Session not found');
    await session.transport.handleRequest(request, response);
  }

  /** Adds the session once it is initialized. The transport rejects any other request without a session id. */
  async function createSession(): Promise<Session> {
    const server = createLegacyServer(options);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, { server, transport }),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    return { server, transport };
  }

  const { url, close } = await listen(http, options.port);
  console.log(JSON.stringify({ listening: url }));

  return async () => {
    for (const { server } of sessions.values()) {
      await server.notification({ method: 'custom/bye' });
      await server.close();
    }
    await Promise.all([...open].map((response) => once(response, 'close')));
    await close();
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32001, message } }));
}
