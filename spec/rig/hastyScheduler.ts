import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** Creates a scheduler in real time whose clock is several times faster, for long timeouts. */
export function hastyScheduler(factor: number): SchedulerLike {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
      return asyncScheduler.schedule(work, delay / factor, state);
    },
  };
}
