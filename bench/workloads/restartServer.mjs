import { setTimeout } from 'node:timers/promises';
import { hearing } from '../harness/hearing.mjs';
import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

/** Milliseconds that the server is away. */
const away = 1_000;

/**
 * Milliseconds from the return of a server, which was killed and knows no session any more, to the next notification.
 * `null` when there was none within `patience` milliseconds.
 */
export async function restartServer({ peer, reconnect, patience }) {
  const { http } = await loadPeer(peer);
  const { handler, next } = hearing();
  const server = await startServer();
  const link = await http(server.url, { 'bench/tick': handler }, { reconnect });
  await server.streamsOpen(1);
  const first = next();
  server.flood({ n: 1 });
  await first;
  const heardAgain = next().then(() => true);
  await server.stop();
  await setTimeout(away);
  const restarted = await startServer({ greet: true, port: server.port });
  const startedAt = process.hrtime.bigint();
  const came = await Promise.race([heardAgain, setTimeout(patience, false)]);
  const elapsed = Number(process.hrtime.bigint() - startedAt) / 1e6;
  // A client that never found out has a session to end that nobody knows.
  await Promise.race([link.close(), setTimeout(1_000)]);
  await restarted.stop();
  return { value: came ? elapsed : null };
}
