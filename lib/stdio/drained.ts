import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** No pipe holds more than can be read in so many turns; what still comes then is written by somebody else who holds it. */
const mostTurns = 1_000;

/** Resolves when what a process had written has been read: when a turn of the event loop brings nothing more. */
export async function drained(stdout: Readable | null): Promise<void> {
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  stdout?.on('data', hear);
  for (let turn = 0; heard && turn < mostTurns; turn++) {
    heard = false;
    await setImmediate();
    await setImmediate();
  }
  stdout?.off('data', hear);
}
