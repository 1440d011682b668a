import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/clients.mjs';

const range = (length) => Array.from({ length }, (_, index) => index);

/**
 * The ways to receive notifications of many servers. `take` is called with the number of the server and the notification's index.
 */
const listeners = {
  /** One stream of all servers. */
  together: async (url, { servers }, take) => {
    const client = await clientOf(url, servers);
    client.notifications$.subscribe(({ server, notification }) => take(server, notification.params.index));
    return started(client);
  },
  /** A subscriber for each token of each server. */
  byToken: async (url, { servers, tokens }, take) => {
    const { progressOf } = await import('rx-mcp');
    const client = await clientOf(url, servers);
    for (const server of range(servers)) {
      const { notifications$ } = client.session(String(server));
      for (const token of range(tokens)) {
        notifications$.pipe(progressOf(`token-${token}`)).subscribe(({ progress }) => take(server, progress));
      }
    }
    return started(client);
  },
  /** One client of the SDK per server. */
  raw: async (url, { servers }, take) => {
    const { http } = await loadPeer('rawSdk');
    const links = await Promise.all(
      range(servers).map((server) => http(url, { 'bench/tick': ({ params }) => take(server, params.index) })),
    );
    return { close: () => Promise.all(links.map((link) => link.close())) };
  },
};

async function clientOf(url, servers) {
  const { MCPClient } = await import('rx-mcp');
  return new MCPClient({ mcpServers: Object.fromEntries(range(servers).map((name) => [name, { url }])) });
}

async function started(client) {
  await client.createAllSessions();
  return { close: () => client.closeAllSessions() };
}

/**
 * Measures the milliseconds from the first to the last of `n` notifications from several servers at the same time. With `tokens`,
 * they are progress notifications whose tokens alternate on each server.
 */
export async function receive({ listener, servers, tokens, ...count }) {
  const server = await startServer();
  let received = 0;
  const { take, finished, total } = countdown(count, () => received++);
  const next = new Array(servers).fill(0);
  const link = await listeners[listener](server.url, { servers, tokens }, (from, index) => {
    if (index !== next[from]++) throw new Error(`notification ${index} of server ${from} came out of order`);
    take();
  });
  await server.streamsOpen(servers);
  globalThis.gc();
  server.flood({ n: total / servers, tokens });
  const measured = await finished;
  await link.close();
  await server.stop();
  return measured;
}
