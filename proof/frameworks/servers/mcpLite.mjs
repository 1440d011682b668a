// mcp-lite, stateless as in its quick start; with `sessions`, with its in-memory adapters.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { InMemoryClientRequestAdapter, InMemorySessionAdapter, McpServer, StreamableHttpTransport } from 'mcp-lite';
import { z } from 'zod';
import { extraName, info, note, port, steps, text, total, touch, uri, waiting } from './common.mjs';

const server = new McpServer({ ...info, schemaAdapter: (schema) => z.toJSONSchema(schema) });
server.resource(uri, { name: 'note' }, async () => ({ contents: [{ uri, text: note() }] }));

const tool = (name, handler) => server.tool(name, { description: name, handler });
tool('work', async (_, { progress }) => {
  for await (const step of steps()) await progress?.({ progress: step, total });
  return text('done');
});
tool('grow', () => {
  tool(extraName(), () => text('extra'));
  return text('grown');
});
tool('touch', () => {
  touch();
  return text(note());
});
tool('ask', async (_, { elicit }) => {
  const { content } = await elicit({ message: 'Your name?', schema: z.object({ name: z.string() }) });
  return text(content?.name);
});
tool('waiting', () => text(waiting()));

const adapters = {
  sessionAdapter: new InMemorySessionAdapter({ maxEventBufferSize: 1024 }),
  clientRequestAdapter: new InMemoryClientRequestAdapter({ defaultTimeoutMs: 30_000 }),
};
const handle = new StreamableHttpTransport(process.argv[2] === 'sessions' ? adapters : {}).bind(server);
const app = new Hono();
app.all('/mcp', (context) => handle(context.req.raw));
serve({ fetch: app.fetch, hostname: '127.0.0.1', port });
