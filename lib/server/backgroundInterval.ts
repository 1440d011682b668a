import { asyncScheduler, interval, Observable, type SchedulerLike } from 'rxjs';

/**
 * Like `interval`, but its timer does not keep a Node process alive. Only applies to `asyncScheduler`; other schedulers create
 * their own timers.
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

/** Node's timers are objects. In other environments, they are numbers. */
function unref(timer: number | { unref?(): unknown }): void {
  if (typeof timer === 'object') timer.unref?.();
}
