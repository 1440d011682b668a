// @mastra/mcp, version 2: protocol 2026-07-28 only.
import { createTool } from '@mastra/core/tools';
import { MCPServer } from '@mastra/mcp';
import { createServer } from 'node:http';
import { z } from 'zod';
import { extraName, info, note, port, steps, total, touch, uri, wait, waiting } from './common.mjs';

const tool = (id, execute) =>
  createTool({ id, description: id, inputSchema: z.object({}), execute: (_, context) => execute(context?.mcp) });
const tools = {
  work: tool('work', async (mcp) => {
    for await (const progress of steps()) await mcp.progress({ progress, total });
    return 'done';
  }),
  grow: tool('grow', async () => {
    const name = extraName();
    await server.toolActions.add({ [name]: tool(name, async () => 'extra') });
    return 'grown';
  }),
  touch: tool('touch', async () => {
    touch();
    await server.resources.notifyUpdated({ uri });
    return note();
  }),
  log: tool('log', async (mcp) => {
    await mcp.log('warning', 'careful');
    return 'logged';
  }),
  // The client calls the tool again with the answer.
  ask: createTool({
    id: 'ask',
    description: 'ask',
    inputSchema: z.object({}),
    suspendSchema: z.object({ message: z.string() }),
    resumeSchema: z.object({ name: z.string() }),
    execute: async (_, { resumeData, suspend }) => (resumeData ? resumeData.name : suspend({ message: 'Your name?' })),
  }),
  wait: tool('wait', (mcp) => wait(mcp.extra.signal)),
  waiting: tool('waiting', async () => waiting()),
};
const server = new MCPServer({
  id: 'proof',
  ...info,
  tools,
  resources: {
    listResources: async () => [{ uri, name: 'note' }],
    getResourceContent: async () => ({ text: note() }),
  },
});
createServer((req, res) => {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  server.startHTTP({ url, httpPath: '/mcp', req, res }).catch(() => res.destroy());
}).listen(port, '127.0.0.1');
