// A server of the official SDK, version 1, for the frameworks that serve one. With `stdio`, it runs, behind supergateway.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { extraName, form, info, note, steps, text, total, touch, uri, wait, waiting } from './common.mjs';

/** Creates a server that sends every kind of message. */
export function createSdkServer() {
  const server = new McpServer(info, { capabilities: { logging: {}, resources: { subscribe: true } } });
  const { server: protocol } = server;
  const subscriptions = new Set();
  protocol.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    subscriptions.add(params.uri);
    return {};
  });
  protocol.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    subscriptions.delete(params.uri);
    return {};
  });
  server.registerResource('note', uri, {}, () => ({ contents: [{ uri, text: note() }] }));

  const tool = (name, call) => server.registerTool(name, { description: name }, call);
  tool('work', async ({ _meta, sendNotification }) => {
    for await (const progress of steps()) {
      const params = { progressToken: _meta?.progressToken, progress, total };
      if (_meta?.progressToken !== undefined) await sendNotification({ method: 'notifications/progress', params });
    }
    return text('done');
  });
  tool('grow', () => text((tool(extraName(), () => text('extra')), 'grown')));
  tool('touch', async () => {
    touch();
    if (subscriptions.has(uri)) await protocol.sendResourceUpdated({ uri });
    return text(note());
  });
  tool('log', async ({ sessionId }) => {
    await server.sendLoggingMessage({ level: 'warning', data: 'careful' }, sessionId);
    return text('logged');
  });
  tool('custom', async () => {
    await protocol.notification({ method: 'custom/event', params: { n: 1 } });
    return text('sent');
  });
  tool('roots', async () => text(JSON.stringify((await protocol.listRoots()).roots)));
  tool('ask', async () => {
    const { content } = await protocol.elicitInput({ message: 'Your name?', requestedSchema: form });
    return text(content?.name);
  });
  tool('wait', ({ signal }) => wait(signal));
  tool('waiting', () => text(waiting()));
  return server;
}

if (process.argv[2] === 'stdio') await createSdkServer().connect(new StdioServerTransport());
