import { setImmediate, setTimeout } from 'node:timers/promises';

/** What a process holds on to. */
export interface Usage {
  /** Timers, sockets, processes and the like, by kind. */
  resources: Record<string, number>;
  /** Listeners on the process itself. */
  listeners: number;
  /** Bytes of heap, after collecting what is garbage. */
  heap: number;
}

/** Measures this process, which is to run with `--expose-gc`. */
export async function usage(): Promise<Usage> {
  // What is on its way out is gone after a few turns of the event loop.
  for (let turn = 0; turn < 10; turn++) {
    await setTimeout(10);
    await setImmediate();
    globalThis.gc!();
  }
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { resources, listeners, heap: process.memoryUsage().heapUsed };
}
