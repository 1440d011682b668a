import { createServer, type ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { listen } from './listen';

/** A real server of protocol 2024-11-05, which supports only HTTP with SSE. */
export interface SseServer {
  url: string;
  /** The SDK servers of the open sessions. */
  servers: Set<Server>;
  /** Returns the number of streams that have been opened. */
  opened(): number;
  /** Ends all open streams. */
  dropStreams(): void;
  stop(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param create - creates the SDK server of each session. Default: a server with a tool that reports progress.
 */
export async function startSseServer(create: () => Server = createToolServer): Promise<SseServer> {
  const servers = new Set<Server>();
  const transports = new Map<string, SSEServerTransport>();
  const streams = new Set<ServerResponse>();
  let opened = 0;

  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/sse') {
      opened++;
      streams.add(response);
      const transport = new SSEServerTransport('/messages', response);
      const server = create();
      transports.set(transport.sessionId, transport);
      servers.add(server);
      response.once('close', () => {
        streams.delete(response);
        transports.delete(transport.sessionId);
        servers.delete(server);
      });
      void server.connect(transport);
      return;
    }
    const transport = transports.get(url.searchParams.get('sessionId') ?? '');
    if (request.method === 'POST' && url.pathname === '/messages' && transport) {
      void transport.handlePostMessage(request, response);
      return;
    }
    response.writeHead(request.method === 'POST' && url.pathname === '/sse' ? 405 : 404).end();
  });
  const { origin, close } = await listen(http);

  const dropStreams = (): void => {
    for (const stream of streams) stream.destroy();
  };
  return {
    url: `${origin}/sse`,
    servers,
    opened: () => opened,
    dropStreams,
    stop: close,
  };
}

function createToolServer(): Server {
  const server = new Server({ name: 'sse', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { _meta, sendNotification }) => {
    const progressToken = _meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [1, 2, 3]) {
      await sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 3 },
      });
    }
    return { content: [{ type: 'text', text: String(params.arguments?.['text']) }] };
  });
  return server;
}
