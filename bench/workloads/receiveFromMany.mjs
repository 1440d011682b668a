import { countdown } from '../harness/countdown.mjs';
import { manyListeners } from '../harness/manyListeners.mjs';
import { startServer } from '../harness/startServer.mjs';

/**
 * Milliseconds from the first to the last of `n` notifications that come from so many servers at once. With `tokens`, they
 * are progress notifications, whose tokens go round through so many on each server.
 */
export async function receiveFromMany({ listener, servers, tokens, ...count }) {
  const server = await startServer();
  let heard = 0;
  const { take, finished, total } = countdown(count, () => heard++);
  const next = new Array(servers).fill(0);
  const link = await manyListeners[listener](server.url, { servers, tokens }, (from, index) => {
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
