// The official SDK, version 2: `createMcpHandler` for both eras, or `node` with sessions for protocol 2025-11-25.
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { extraName, form, info, note, port, steps, text, total, touch, uri, wait, waiting } from './common.mjs';

const extras = [];

/** @param notify - publishes changes to subscriptions. Without it, the server notifies its own session. */
function create(notify) {
  const list = { listChanged: true };
  const server = new McpServer(info, {
    capabilities: { tools: list, resources: { ...list, subscribe: true }, logging: {} },
  });
  const { server: protocol } = server;
  if (!notify) {
    protocol.setRequestHandler('resources/subscribe', () => ({}));
    protocol.setRequestHandler('resources/unsubscribe', () => ({}));
  }
  server.registerResource('note', uri, {}, () => ({ contents: [{ uri, text: note() }] }));
  const tool = (name, call) => server.registerTool(name, { description: name }, call);
  const extra = (name) => tool(name, () => text('extra'));
  extras.forEach(extra);
  tool('work', async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for await (const progress of steps()) {
      const params = { progressToken, progress, total };
      if (progressToken !== undefined) await mcpReq.notify({ method: 'notifications/progress', params });
    }
    return text('done');
  });
  tool('grow', () => {
    const name = extraName();
    extras.push(name);
    extra(name);
    notify?.toolsChanged();
    return text('grown');
  });
  tool('touch', async () => {
    touch();
    if (notify) notify.resourceUpdated(uri);
    else await protocol.sendResourceUpdated({ uri });
    return text(note());
  });
  tool('log', async ({ mcpReq }) => {
    await mcpReq.log('warning', 'careful');
    return text('logged');
  });
  tool('custom', async ({ mcpReq }) => {
    await mcpReq.notify({ method: 'custom/event', params: { n: 1 } });
    return text('sent');
  });
  tool('roots', async ({ mcpReq }) => {
    if (!notify) return text(JSON.stringify((await protocol.listRoots()).roots));
    const answer = mcpReq.inputResponses?.roots;
    if (answer !== undefined) return text(JSON.stringify(answer.roots));
    return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
  });
  tool('ask', async ({ mcpReq }) => {
    if (!notify)
      return text((await mcpReq.elicitInput({ message: 'Your name?', requestedSchema: form })).content?.name);
    const answer = mcpReq.inputResponses?.name;
    if (answer !== undefined) return text(answer.content?.name);
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ message: 'Your name?', requestedSchema: form }) },
    });
  });
  tool('wait', ({ mcpReq }) => wait(mcpReq.signal));
  tool('waiting', () => text(waiting()));
  return server;
}

let handle;
if (process.argv[2] === 'sessions') {
  const transports = new Map();
  handle = async (request, response) => {
    const id = request.headers['mcp-session-id'];
    if (id !== undefined && !transports.has(id)) return void response.writeHead(404).end();
    const transport = transports.get(id) ?? (await open());
    await transport.handleRequest(request, response);
  };
  const open = async () => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await create().connect(transport);
    return transport;
  };
} else {
  const handler = createMcpHandler(() => create(handler.notify));
  handle = toNodeHandler(handler);
}
createServer((request, response) => {
  if (new URL(request.url, 'http://127.0.0.1').pathname === '/mcp') void handle(request, response);
  else response.writeHead(404).end();
}).listen(port, '127.0.0.1');
