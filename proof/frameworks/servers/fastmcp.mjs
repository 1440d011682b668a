// fastmcp, over Streamable HTTP with sessions; with `stateless`, without.
import { FastMCP } from 'fastmcp';
import { extraName, form, info, note, port, steps, total, touch, uri, wait, waiting } from './common.mjs';

const silent = () => {};
const server = new FastMCP({
  ...info,
  logger: { debug: silent, error: silent, info: silent, log: silent, warn: silent },
});
server.addResource({ uri, name: 'note', mimeType: 'text/plain', load: async () => ({ text: note() }) });

const tool = (name, execute) => server.addTool({ name, description: name, execute });
/** The session of a call; its `server` is the SDK's. */
const sessionOf = ({ sessionId }) => server.sessions.find((session) => session.sessionId === sessionId);

tool('work', async (_, { reportProgress }) => {
  for await (const progress of steps()) await reportProgress({ progress, total });
  return 'done';
});
tool('grow', async () => {
  tool(extraName(), async () => 'extra');
  return 'grown';
});
tool('touch', async () => {
  touch();
  await Promise.all(server.sessions.map((session) => session.sendResourceUpdated(uri)));
  return note();
});
tool('log', async (_, { log }) => {
  log.warn('careful');
  return 'logged';
});
tool('custom', async (_, context) => {
  await sessionOf(context).server.notification({ method: 'custom/event', params: { n: 1 } });
  return 'sent';
});
tool('roots', async (_, context) => JSON.stringify(sessionOf(context).roots));
tool('ask', async (_, { elicit }) => {
  const { content } = await elicit({ message: 'Your name?', requestedSchema: form });
  return String(content?.name);
});
tool('wait', (_, { signal }) => wait(signal));
tool('waiting', async () => waiting());

const stateless = process.argv[2] === 'stateless';
await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1', stateless } });
