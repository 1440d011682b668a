import { hearing } from '../harness/hearing.mjs';
import { median } from '../harness/median.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

/** Milliseconds from the cut of a GET stream to the next notification, in one session of its own. */
async function dropOne(http) {
  const server = await startServer();
  const { handler, next } = hearing();
  const link = await http(server.url, { 'bench/tick': handler });
  await server.streamsOpen(1);
  // A client is sure to have its stream once something has come through.
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

/** The median of `n` sessions. */
export async function dropStream({ peer, n }) {
  const { http } = await loadPeer(peer);
  const times = [];
  for (let index = 0; index < n; index++) times.push(await dropOne(http));
  return { value: median(times) };
}
