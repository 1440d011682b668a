import { countdown } from '../harness/countdown.mjs';
import { profiled } from '../harness/profiled.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

/** Milliseconds from the first to the last of `n` notifications on one GET stream. */
export async function receiveHttp({ peer, ids, profile, ...count }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const { take, finished, total } = countdown(count);
  const link = await http(server.url, { 'bench/tick': take });
  await server.streamsOpen(1);
  // What loading and connecting left behind is no part of it.
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
