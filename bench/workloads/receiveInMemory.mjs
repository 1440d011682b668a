import { setImmediate } from 'node:timers/promises';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { countdown } from '../harness/countdown.mjs';
import { loadPeer } from '../peers/loadPeer.mjs';
import { answerTo } from '../servers/answerTo.mjs';
import { notificationAt } from '../servers/notificationAt.mjs';

/** How many are sent before the receiver gets a turn of the event loop. */
const burst = 1_000;

/** Milliseconds from the first to the last of `n` notifications over the SDK's transport within a process. */
export async function receiveInMemory({ peer, ...count }) {
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
