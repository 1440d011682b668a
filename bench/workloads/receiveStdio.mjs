import { fileURLToPath } from 'node:url';
import { countdown } from '../harness/countdown.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';

const server = fileURLToPath(new URL('../servers/stdioServer.mjs', import.meta.url));

/** Milliseconds from the first to the last of `n` notifications that a program writes to its standard output. */
export async function receiveStdio({ peer, ...count }) {
  const { stdio } = await loadPeer(peer);
  const { take, finished, total } = countdown(count);
  const link = await stdio(process.execPath, [server, JSON.stringify({ n: total })], { 'bench/tick': take });
  const measured = await finished;
  await link.close();
  return measured;
}
