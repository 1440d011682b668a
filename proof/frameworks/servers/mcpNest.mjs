// @rekog/mcp-nest, with sessions for protocol 2025-11-25, and protocol 2026-07-28 on the same path.
import 'reflect-metadata';
import { inputRequired } from '@modelcontextprotocol/server';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { McpStrategy, StreamableHttpTransport } from '@rekog/mcp-nest';
import { extraName, form, info, note, port, steps, text, total, touch, uri, wait, waiting } from './common.mjs';

const mcp = new McpStrategy({
  ...info,
  transports: [new StreamableHttpTransport({ statefulMode: true })],
  capabilities: { tools: { listChanged: true }, resources: { listChanged: true, subscribe: true }, logging: {} },
});
const tool = (name, handler) =>
  mcp.registerTool({ name, description: name, handler: (_, context) => handler(context) });

mcp.registerResource({ uri, name: 'note', handler: () => ({ contents: [{ uri, text: note() }] }) });
tool('work', async ({ reportProgress }) => {
  for await (const progress of steps()) await reportProgress({ progress, total });
  return text('done');
});
tool('grow', async () => {
  tool(extraName(), async () => text('extra'));
  return text('grown');
});
tool('touch', async ({ mcpServer }) => {
  touch();
  await mcpServer.server.sendResourceUpdated({ uri });
  return text(note());
});
tool('log', async ({ log }) => {
  await log.warn('careful');
  return text('logged');
});
tool('custom', async ({ mcpServer }) => {
  await mcpServer.server.notification({ method: 'custom/event', params: { n: 1 } });
  return text('sent');
});
tool('roots', async ({ mcpServer }) => text(JSON.stringify((await mcpServer.server.listRoots()).roots)));
tool('ask', async (context) => {
  const { mcpServer, sdkContext } = context;
  if (context.getSession().era === 'modern') {
    const answer = sdkContext?.mcpReq.inputResponses?.name;
    if (answer !== undefined) return text(answer.content?.name);
    const elicit = inputRequired.elicit({ message: 'Your name?', requestedSchema: form });
    return inputRequired({ inputRequests: { name: elicit } });
  }
  const { content } = await mcpServer.server.elicitInput({ message: 'Your name?', requestedSchema: form });
  return text(content?.name);
});
tool('wait', ({ sdkContext }) => wait(sdkContext?.mcpReq.signal));
tool('waiting', async () => text(waiting()));

class AppModule {}
Module({})(AppModule);
const app = await NestFactory.create(AppModule, { logger: false });
mcp.setHttpAdapter(app.getHttpAdapter());
app.connectMicroservice({ strategy: mcp });
await app.startAllMicroservices();
await app.listen(port, '127.0.0.1');
