import { randomUUID } from 'node:crypto';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { join, type Replays } from './replays';
import type { ReplayHandler } from './serveReplays';

/** Serves replays to clients of protocol versions up to 2025-11-25. Each session replays the next connection. */
export function createLegacyReplays(replays: Replays): ReplayHandler {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const listening = new WeakMap<StreamableHTTPServerTransport, () => void>();

  function createTransport(): StreamableHTTPServerTransport {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
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

  return {
    async handle(request, response) {
      const id = request.headers['mcp-session-id'];
      const known = typeof id === 'string' ? sessions.get(id) : undefined;
      if (id !== undefined && !known) {
        response.writeHead(404).end();
        return;
      }
      const transport = known ?? createTransport();
      await transport.handleRequest(request, response);
      if (request.method === 'GET') listening.get(transport)?.();
    },
    async close() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
    },
  };
}
