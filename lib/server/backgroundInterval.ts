import { asyncScheduler, interval, Observable, type SchedulerLike } from 'rxjs';

/**
 * Like RxJS's `interval`, but the timer does not keep a Node process alive. With a scheduler other than
 * `asyncScheduler`, the same as `interval`.
 */
export function backgroundInterval(period: number, scheduler: SchedulerLike): Observable<number> {
  if (scheduler !== asyncScheduler) return interval(period, scheduler);
  return new Observable((subscriber) => {
    let count = 0;
    const timer = setInterval(() => subscriber.next(count++), period);
    unref(timer);
    return () => clearInterval(timer);
  });
}

/** Timers are objects in Node, and numbers elsewhere. */
function unref(timer: number | { unref?(): unknown }): void {
  if (typeof timer === 'object') timer.unref?.();
}
