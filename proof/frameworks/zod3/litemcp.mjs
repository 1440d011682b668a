// litemcp, over HTTP with SSE.
import { LiteMCP } from 'litemcp';
import { z } from 'zod';
import { extraName, info, note, port, touch, uri, waiting } from '../servers/common.mjs';

const server = new LiteMCP(info.name, info.version);
server.addResource({ uri, name: 'note', load: async () => ({ text: note() }) });
const tool = (name, execute) => server.addTool({ name, description: name, parameters: z.object({}), execute });
tool('work', async () => 'done');
tool('grow', async () => {
  tool(extraName(), async () => 'extra');
  return 'grown';
});
tool('touch', async () => {
  touch();
  return note();
});
tool('log', async () => {
  server.logger.warn('careful');
  return 'logged';
});
tool('waiting', async () => waiting());

await server.start({ transportType: 'sse', sse: { endpoint: '/sse', port } });
