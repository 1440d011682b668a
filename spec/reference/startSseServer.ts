import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { createLegacyServer } from '../rig/legacyServer/createLegacyServer';
import { listen } from '../rig/listen';

/**
 * Starts the server on the SDK with the older transport, which the SDK still contains: an event stream, and POSTs to a different
 * path.
 */
export async function startSseServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const transports = new Map<string, SSEServerTransport>();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
    const transport = transports.get(searchParams.get('sessionId') ?? '');
    if (request.method === 'GET' && pathname === '/sse') {
      const opened = new SSEServerTransport('/messages', response);
      transports.set(opened.sessionId, opened);
      await createLegacyServer({ heartbeat: 50 }).connect(opened);
    } else if (request.method === 'POST' && transport) {
      await transport.handlePostMessage(request, response);
    } else {
      response.writeHead(404).end();
    }
  }

  const http = createServer((request, response) => void answer(request, response));
  const { origin, close } = await listen(http);
  return {
    url: `${origin}/sse`,
    stop: async () => {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
      await close();
    },
  };
}
