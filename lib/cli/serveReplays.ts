import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ConfigError } from '../errors';
import { isObject } from '../util/isObject';
import { reasonOf } from '../util/reasonOf';
import { join, type Replays } from './replays';

/** Serves replays over Streamable HTTP on the loopback interface. Each session of a client gets the next replay. */
export async function serveReplays(replays: Replays, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const listening = new WeakMap<StreamableHTTPServerTransport, () => void>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (request.url?.split('?')[0] !== '/mcp' || (id !== undefined && !known)) {
      response.writeHead(404).end();
      return;
    }
    const transport = known ?? createTransport();
    await transport.handleRequest(request, response);
    if (request.method === 'GET') listening.get(transport)?.();
  }

  function createTransport(): StreamableHTTPServerTransport {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableDnsRebindingProtection: true,
      allowedHosts: ['127.0.0.1', 'localhost'].map((host) => `${host}:${boundPort()}`),
      onsessioninitialized: (id) => {
        sessions.set(id, transport);
      },
    });
    const streamed = new Promise<void>((resolve) => listening.set(transport, resolve));
    void join(transport, replays.next(), streamed).finally(() => {
      if (transport.sessionId !== undefined) sessions.delete(transport.sessionId);
    });
    return transport;
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const boundPort = (): number => {
    const address = server.address();
    return isObject(address) && typeof address.port === 'number' ? address.port : port;
  };
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(`replay: cannot listen on port ${port} (${reasonOf(cause).message})`, { cause });
  }
  return {
    url: `http://127.0.0.1:${boundPort()}/mcp`,
    async close() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      server.close();
      server.closeAllConnections();
    },
  };
}
