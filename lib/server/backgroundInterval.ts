import { asyncScheduler, interval, Observable, type SchedulerLike } from 'rxjs';

/**
 * Emits every `period` ms, as `interval` does, but does not keep a Node process alive. With a scheduler other than
 * `asyncScheduler`, that scheduler decides.
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

/** A timer is an object in Node, and a number elsewhere. */
function unref(timer: number | { unref?(): unknown }): void {
  if (typeof timer === 'object') timer.unref?.();
}
