import { setImmediate } from 'node:timers/promises';
import { VirtualTimeScheduler } from 'rxjs';

/** Time that passes only when it is told to. */
export interface Clock {
  scheduler: VirtualTimeScheduler;
  /** Lets so many milliseconds pass, and whatever follows from that come to rest. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands at zero. */
export function createClock(): Clock {
  const scheduler = new VirtualTimeScheduler(undefined, 0);
  return {
    scheduler,
    async advance(ms) {
      // What had been begun may still be about to set its timers.
      await setImmediate();
      scheduler.maxFrames += ms;
      scheduler.flush();
      scheduler.frame = scheduler.maxFrames;
      await setImmediate();
    },
  };
}
