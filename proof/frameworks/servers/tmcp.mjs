// tmcp with @tmcp/transport-http: sessions for protocol 2025-11-25, none for 2026-07-28.
import { serve } from '@hono/node-server';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { z } from 'zod';
import { extraName, info, note, port, steps, text, total, touch, uri, wait, waiting } from './common.mjs';

const list = { listChanged: true };
const server = new McpServer(info, {
  adapter: new ZodJsonSchemaAdapter(),
  capabilities: { tools: list, resources: { ...list, subscribe: true }, logging: {}, elicitation: {} },
});
server.resource({ name: 'note', description: 'note', uri }, () => ({ contents: [{ uri, text: note() }] }));

const tool = (name, call) => server.tool({ name, description: name }, call);
tool('work', async () => {
  for await (const step of steps()) server.progress(step, total);
  return text('done');
});
tool('grow', async () => {
  tool(extraName(), async () => text('extra'));
  return text('grown');
});
tool('touch', async () => {
  touch();
  server.changed('resource', uri);
  return text(note());
});
tool('log', async () => {
  server.log('warning', 'careful');
  return text('logged');
});
tool('roots', async () => {
  await server.refreshRoots();
  return text(JSON.stringify(server.roots));
});
// In protocol 2026-07-28 the client calls the tool again with the answer.
server.tool({ name: 'ask', description: 'ask', replayable: true }, async () => {
  const { content } = await server.elicitation('Your name?', z.object({ name: z.string() }));
  return text(content?.name);
});
tool('wait', () => wait(server.ctx.signal));
tool('waiting', async () => text(waiting()));

const transport = new HttpTransport(server, { path: '/mcp' });
const fetch = async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 });
serve({ fetch, hostname: '127.0.0.1', port });
