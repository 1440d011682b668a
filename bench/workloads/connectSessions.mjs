import { startServer } from '../harness/startServer.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

/** How many are being connected at any time. */
const atOnce = 10;

/** How many sessions are connected and listening a second. */
export async function connectSessions({ peer, n }) {
  const { http } = await loadPeer(peer);
  const server = await startServer();
  const links = [];

  async function connectUpTo(count) {
    let begun = links.length;
    const connectSome = async () => {
      while (begun++ < count) links.push(await http(server.url, { 'bench/tick': () => undefined }));
    };
    await Promise.all(Array.from({ length: atOnce }, connectSome));
    await server.streamsOpen(count);
  }

  const warmUp = n / 10;
  await connectUpTo(warmUp);
  const startedUsing = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  await connectUpTo(warmUp + n);
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const { user, system } = process.cpuUsage(startedUsing);
  await Promise.all(links.map((link) => link.close()));
  await server.stop();
  return { value: n / seconds, cpu: (user + system) / 1000 };
}
