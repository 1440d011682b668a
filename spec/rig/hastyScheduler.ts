import { asyncScheduler, type SchedulerAction, type SchedulerLike, type Subscription } from 'rxjs';

/** Real time, but on a clock that is many times faster: for bounds that are long on purpose. */
export function hastyScheduler(factor: number): SchedulerLike {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
      return asyncScheduler.schedule(work, delay / factor, state);
    },
  };
}
