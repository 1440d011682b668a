import { countdown } from '../harness/countdown.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

/** Milliseconds from the first to the last of `n` updates on one subscription of protocol 2026-07-28. */
export async function receiveModern({ peer, ...count }) {
  const { listen } = await loadPeer(peer);
  const server = await startServer();
  const { take, finished, total } = countdown(count, ({ params }) => params._meta.index);
  const opened = server.streamsOpen(1);
  const link = await listen(server.url, 'memo://bench', take);
  await opened;
  // What loading and connecting left behind is no part of it.
  globalThis.gc();
  server.flood({ n: total });
  const measured = await finished;
  await link.close();
  await server.stop();
  return measured;
}
