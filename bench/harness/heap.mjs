import { setImmediate } from 'node:timers/promises';

/** Returns the bytes of heap in use after full collections. */
export async function heapInUse() {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}
