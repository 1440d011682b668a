import { setTimeout } from 'node:timers/promises';
import { heapInUse } from '../harness/heap.mjs';
import { median } from '../harness/measure.mjs';
import { profiled } from '../harness/profiled.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/clients.mjs';

/** The number of sessions that connect at the same time. */
const concurrency = 10;

/** How long a restarting server is unavailable, in milliseconds. */
const awayMs = 1_000;

const methods = [
  'bench/tick',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
];

/** Measures the number of sessions that connect and listen per second. With `profile`, writes a CPU profile to this file. */
export async function connect({ peer, n, profile }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const links = [];

  async function connectUpTo(count) {
    let begun = links.length;
    const connectSome = async () => {
      while (begun++ < count) links.push(await http(server.url, { 'bench/tick': () => undefined }));
    };
    await Promise.all(Array.from({ length: concurrency }, connectSome));
    await server.streamsOpen(count);
  }

  const warmUp = n / 10;
  await connectUpTo(warmUp);
  const startedUsing = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  const connectAll = () => connectUpTo(warmUp + n);
  await (profile ? profiled(profile, connectAll) : connectAll());
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const { user, system } = process.cpuUsage(startedUsing);
  await Promise.all(links.map((link) => link.close()));
  await server.stop();
  return { value: n / seconds, cpu: (user + system) / 1000 };
}

/** Measures the kilobytes of heap per connected, listening session with five subscriptions, for `n` sessions at the same time. */
export async function hold({ peer, n }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const open = () => http(server.url, Object.fromEntries(methods.map((method) => [method, () => undefined])));
  // The first sessions load what all sessions share.
  const links = [];
  for (let index = 0; index < 10; index++) links.push(await open());
  await server.streamsOpen(links.length);
  const before = await heapInUse();
  for (let index = 0; index < n; index++) links.push(await open());
  await server.streamsOpen(links.length);
  const value = ((await heapInUse()) - before) / n / 1024;
  await Promise.all(links.map((link) => link.close()));
  await server.stop();
  return { value };
}

/** Measures the milliseconds from the cut of a GET stream to the next notification. Returns the median of `n` sessions. */
export async function dropStream({ peer, n }) {
  const { http } = await loadPeer(peer);
  const times = [];
  for (let index = 0; index < n; index++) times.push(await dropOne(http));
  return { value: median(times) };
}

async function dropOne(http) {
  const server = await startServer();
  const { handler, next } = receiver();
  const link = await http(server.url, { 'bench/tick': handler });
  await server.streamsOpen(1);
  // Once a notification has arrived on it, the client's stream is certainly open.
  const first = next();
  server.flood({ n: 1 });
  await first;
  const second = next();
  const startedAt = process.hrtime.bigint();
  server.drop();
  await second;
  const elapsed = Number(process.hrtime.bigint() - startedAt) / 1e6;
  await link.close();
  await server.stop();
  return elapsed;
}

/**
 * Measures the milliseconds from the return of a server, which was killed and lost its sessions, to the next notification.
 * Returns `null` if none arrived within `timeoutMs`.
 */
export async function restart({ peer, reconnect, timeoutMs }) {
  const { http } = await loadPeer(peer);
  const { handler, next } = receiver();
  const server = await startServer();
  const link = await http(server.url, { 'bench/tick': handler }, { reconnect });
  await server.streamsOpen(1);
  const first = next();
  server.flood({ n: 1 });
  await first;
  const received = next().then(() => true);
  await server.stop();
  await setTimeout(awayMs);
  const restarted = await startServer({ greet: true, port: server.port });
  const startedAt = process.hrtime.bigint();
  const came = await Promise.race([received, setTimeout(timeoutMs, false)]);
  const elapsed = Number(process.hrtime.bigint() - startedAt) / 1e6;
  // A client that did not notice the restart tries to end a session that the server does not know.
  await Promise.race([link.close(), setTimeout(1_000)]);
  await restarted.stop();
  return { value: came ? elapsed : null };
}

/** A handler, and a promise of its next call. */
function receiver() {
  let resolveNext = () => undefined;
  return {
    handler: () => resolveNext(),
    next: () =>
      new Promise((resolve) => {
        resolveNext = resolve;
      }),
  };
}
