// @hono/mcp, one server and one transport as in its README; with `sessions`, one of each per session.
import { StreamableHTTPTransport } from '@hono/mcp';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { randomUUID } from 'node:crypto';
import { port } from './common.mjs';
import { createSdkServer } from './sdkServer.mjs';

const app = new Hono();
if (process.argv[2] === 'sessions') {
  const transports = new Map();
  app.all('/mcp', async (context) => {
    const id = context.req.header('mcp-session-id');
    if (id !== undefined && !transports.has(id)) return context.json({ error: 'unknown session' }, 404);
    const transport = transports.get(id) ?? (await open());
    return transport.handleRequest(context);
  });
  const open = async () => {
    const transport = new StreamableHTTPTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await createSdkServer().connect(transport);
    return transport;
  };
} else {
  const server = createSdkServer();
  const transport = new StreamableHTTPTransport();
  app.all('/mcp', async (context) => {
    if (!server.isConnected()) await server.connect(transport);
    return transport.handleRequest(context);
  });
}
serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
