import { setImmediate } from 'node:timers/promises';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

const methods = [
  'bench/tick',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
];

/** What is known to be in use, once everything that is not has been collected. */
async function heapInUse() {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

/** Kilobytes of heap that a connected, listening session takes, with five subscriptions; of `n` held at once. */
export async function holdSessions({ peer, n }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const connect = () => http(server.url, Object.fromEntries(methods.map((method) => [method, () => undefined])));
  // The first few bring in what all share.
  const links = [];
  for (let index = 0; index < 10; index++) links.push(await connect());
  await server.streamsOpen(links.length);
  const before = await heapInUse();
  for (let index = 0; index < n; index++) links.push(await connect());
  await server.streamsOpen(links.length);
  const value = ((await heapInUse()) - before) / n / 1024;
  await Promise.all(links.map((link) => link.close()));
  await server.stop();
  return { value };
}
