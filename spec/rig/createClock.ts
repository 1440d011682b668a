import { setImmediate } from 'node:timers/promises';
import { VirtualTimeScheduler } from 'rxjs';

/** A clock that a spec advances. */
export interface Clock {
  scheduler: VirtualTimeScheduler;
  /** Advances time, and waits for everything that follows. */
  advance(ms: number): Promise<void>;
}

/** Creates a clock that starts at zero. */
export function createClock(): Clock {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  return {
    scheduler,
    async advance(ms) {
      // Work that has started may be about to set its timers.
      await setImmediate();
      scheduler.maxFrames += ms;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
      await setImmediate();
    },
  };
}
