import { Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { maxTimerDelay } from '../util/maxDelay';

/** Switches to `other$` if the source does not emit, error or complete within `ms` milliseconds. */
export function firstWithin<T, R>(
  ms: number,
  scheduler: SchedulerLike,
  other$: Observable<R>,
): OperatorFunction<T, T | R> {
  return (source$) =>
    new Observable((subscriber) => {
      const timer = scheduler.schedule(
        () => {
          source.unsubscribe();
          other$.subscribe(subscriber);
        },
        Math.min(ms, maxTimerDelay),
      );
      subscriber.add(timer);
      const source = source$.subscribe({
        next: (value) => {
          timer.unsubscribe();
          subscriber.next(value);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      });
      subscriber.add(source);
    });
}
