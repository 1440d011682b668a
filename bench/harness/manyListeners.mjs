import { loadPeer } from '../peers/loadPeer.mjs';

const range = (length) => Array.from({ length }, (_, index) => index);

async function clientOf(url, servers) {
  const { MCPClient } = await import('rx-mcp');
  return new MCPClient({ mcpServers: Object.fromEntries(range(servers).map((name) => [name, { url }])) });
}

async function started(client) {
  await client.createAllSessions();
  return { close: () => client.closeAllSessions() };
}

/** The ways to listen to many servers; `hear` gets the number of the server and the index of its notification. */
export const manyListeners = {
  /** One stream of all of them. */
  together: async (url, { servers }, hear) => {
    const client = await clientOf(url, servers);
    client.notifications$.subscribe(({ server, notification }) => hear(server, notification.params.index));
    return started(client);
  },
  /** A subscriber for each token of each of them. */
  byToken: async (url, { servers, tokens }, hear) => {
    const { progressOf } = await import('rx-mcp');
    const client = await clientOf(url, servers);
    for (const server of range(servers)) {
      const { notifications$ } = client.session(String(server));
      for (const token of range(tokens)) {
        notifications$.pipe(progressOf(`token-${token}`)).subscribe(({ progress }) => hear(server, progress));
      }
    }
    return started(client);
  },
  /** So many clients of the SDK, which know nothing of each other. */
  raw: async (url, { servers }, hear) => {
    const { http } = await loadPeer('rawSdk');
    const links = await Promise.all(
      range(servers).map((server) => http(url, { 'bench/tick': ({ params }) => hear(server, params.index) })),
    );
    return { close: () => Promise.all(links.map((link) => link.close())) };
  },
};
