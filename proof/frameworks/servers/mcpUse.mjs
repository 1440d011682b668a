// mcp-use, version 2: both protocol eras, without sessions.
import { inputRequired, MCPServer } from 'mcp-use';
import { z } from 'zod';
import { extraName, info, note, port, steps, text, total, touch, uri, wait, waiting } from './common.mjs';

const server = new MCPServer({ ...info, host: '127.0.0.1', logging: { level: 'silent' } });
server.resource({ name: 'note', uri }, async () => ({ contents: [{ uri, text: note() }] }));

const tool = (name, call) => server.tool({ name, description: name }, call);
tool('work', async (_, context) => {
  for await (const step of steps()) await context.reportProgress(step, total);
  return text('done');
});
tool('grow', async () => {
  tool(extraName(), async () => text('extra'));
  await server.notifyToolsChanged();
  return text('grown');
});
tool('touch', async () => {
  touch();
  await server.notifyResourceUpdated(uri);
  return text(note());
});
tool('log', async (_, context) => {
  await context.sendLog('warning', 'careful');
  return text('logged');
});
tool('custom', async (_, context) => {
  await context.sendNotification('custom/event', { n: 1 });
  return text('sent');
});
tool('ask', async (_, { inputResponses }) => {
  const answer = inputResponses?.name;
  if (answer !== undefined) return text(answer.content?.name);
  const requestedSchema = z.object({ name: z.string() });
  return inputRequired({ inputRequests: { name: inputRequired.elicit({ message: 'Your name?', requestedSchema }) } });
});
tool('roots', async (_, { inputResponses }) => {
  const answer = inputResponses?.roots;
  if (answer !== undefined) return text(JSON.stringify(answer.roots));
  return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
});
tool('wait', (_, { signal }) => wait(signal));
tool('waiting', async () => text(waiting()));

await server.listen(port, { host: '127.0.0.1' });
