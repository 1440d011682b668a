import { type Observable, type OperatorFunction, race, type SchedulerLike, switchMap, timer } from 'rxjs';
import { maxTimerDelay } from '../util/maxDelay';

/** Switches to `other$` if the source does not emit, error or complete within `ms` milliseconds. */
export function firstWithin<T, R>(
  ms: number,
  scheduler: SchedulerLike,
  other$: Observable<R>,
): OperatorFunction<T, T | R> {
  return (source$) => race(source$, timer(Math.min(ms, maxTimerDelay), scheduler).pipe(switchMap(() => other$)));
}
