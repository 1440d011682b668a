import { setImmediate, setTimeout } from 'node:timers/promises';

/** The resources of a process. */
export interface Usage {
  /** Timers, sockets, processes and the like, by kind. */
  resources: Record<string, number>;
  /** Listeners on the process itself. */
  listeners: number;
  /** Bytes of heap after garbage collection. */
  heap: number;
}

/** Measures this process, which must run with `--expose-gc`. */
export async function usage(): Promise<Usage> {
  // Resources that are being closed are gone after a few turns of the event loop.
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
