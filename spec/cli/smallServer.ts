// A stdio server that asks the user, changes its tools and updates a resource.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { ListToolsRequestSchema, SubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const uri = 'memo://count';
const server = new McpServer({ name: 'small', version: '1.0.0' }, { capabilities: { resources: { subscribe: true } } });
let reads = 0;
server.registerTool('ask', { description: 'Asks for a name' }, async () => {
  const answer = await server.server.elicitInput({
    message: 'Who are you?',
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  });
  return { content: [{ type: 'text', text: JSON.stringify(answer) }] };
});
server.registerTool('environment', {}, () => ({
  content: [{ type: 'text', text: process.env['CLI_SPEC_GIVEN'] ?? 'unset' }],
}));
server.registerResource('count', uri, {}, () => {
  // Update the resource after the first read.
  if (++reads === 1) setImmediate(() => void server.server.sendResourceUpdated({ uri }));
  return { contents: [{ uri, text: String(reads) }] };
});
server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));

// Adds a tool after the tools have been listed.
const handlers = (
  server.server as unknown as { _requestHandlers: Map<string, (...args: unknown[]) => Promise<unknown>> }
)._requestHandlers;
const list = handlers.get('tools/list')!;
server.server.removeRequestHandler('tools/list');
let isListed = false;
server.server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
  const result = await list(request, extra);
  if (!isListed) setImmediate(() => server.registerTool('late', {}, () => ({ content: [] })));
  isListed = true;
  return result as { tools: [] };
});
await server.connect(new StdioServerTransport());
