import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { countdown } from '../harness/countdown.mjs';
import { profiled } from '../harness/profiled.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/clients.mjs';
import { answerTo, notificationAt } from '../servers/messages.mjs';

const stdioServer = fileURLToPath(new URL('../servers/stdioServer.mjs', import.meta.url));

/** The number of messages sent in memory before the receiver gets a turn of the event loop. */
const burst = 1_000;

/** Measures the milliseconds from the first to the last of `n` notifications on one GET stream. */
export async function overHttp({ peer, ids = false, profile, ...count }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const { take, finished, total } = countdown(count);
  const link = await http(server.url, { 'bench/tick': take });
  await server.streamsOpen(1);
  // Collects the garbage of loading and connecting, so that the measured period does not include it.
  globalThis.gc();
  const flood = () => {
    server.flood({ n: total, ids });
    return finished;
  };
  const measured = await (profile ? profiled(profile, flood) : flood());
  await link.close();
  await server.stop();
  return measured;
}

/** Measures the milliseconds from the first to the last of `n` updates on one subscription of protocol 2026-07-28. */
export async function overModern({ peer, ...count }) {
  const { listen } = await loadPeer(peer);
  const server = await startServer();
  const { take, finished, total } = countdown(count, ({ params }) => params._meta.index);
  const opened = server.streamsOpen(1);
  const link = await listen(server.url, 'memo://bench', take);
  await opened;
  globalThis.gc();
  server.flood({ n: total });
  const measured = await finished;
  await link.close();
  await server.stop();
  return measured;
}

/** Measures the milliseconds from the first to the last of `n` notifications that a program writes to its standard output. */
export async function overStdio({ peer, ...count }) {
  const { stdio } = await loadPeer(peer);
  const { take, finished, total } = countdown(count);
  const link = await stdio(process.execPath, [stdioServer, JSON.stringify({ n: total })], { 'bench/tick': take });
  const measured = await finished;
  await link.close();
  return measured;
}

/** Measures the milliseconds from the first to the last of `n` notifications over the SDK's in-memory transport. */
export async function overMemory({ peer, ...count }) {
  const { InMemoryTransport } = await import('@modelcontextprotocol/sdk/inMemory.js');
  const { transport } = await loadPeer(peer);
  const [near, far] = InMemoryTransport.createLinkedPair();
  far.onmessage = (message) => {
    if (message.id !== undefined) void far.send(answerTo(message));
  };
  await far.start();
  const { take, finished, total } = countdown(count);
  const link = await transport(near, { 'bench/tick': take });
  const messages = Array.from({ length: total }, (_, index) => notificationAt(index));
  globalThis.gc();
  for (let index = 0; index < total; index++) {
    void far.send(messages[index]);
    if (index % burst === burst - 1) await setImmediate();
  }
  const measured = await finished;
  await link.close();
  return measured;
}
