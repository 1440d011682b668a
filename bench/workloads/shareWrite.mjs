import { fileURLToPath } from 'node:url';
import { loadPeer } from '../peers/loadPeer.mjs';

const server = fileURLToPath(new URL('../servers/stdioServer.mjs', import.meta.url));

/** How many progress notifications arrive before their call is over, of `n` calls with three each. */
export async function shareWrite({ peer, n }) {
  const { stdio } = await loadPeer(peer);
  const link = await stdio(process.execPath, [server], {});
  let value = 0;
  for (let index = 0; index < n; index++) {
    let isOver = false;
    await link.call('work', () => {
      if (!isOver) value++;
    });
    isOver = true;
  }
  await link.close();
  return { value };
}
