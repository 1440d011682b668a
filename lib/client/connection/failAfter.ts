import { type MonoTypeOperatorFunction, type SchedulerLike, throwError, timeout } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { longestTimer } from '../../util/maxDelay';

/** Milliseconds that a step of connecting may take, unless it is said otherwise. */
const defaultBound = 30_000;

/** Errors with a `ConnectionFailedError` that says what was being done, when the first value does not come in time. */
export function inTime<T>(doing: string, bound = defaultBound, scheduler: SchedulerLike): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(() => new ConnectionFailedError(`${doing}: no answer in ${String(bound)} ms`));
  return timeout({ first: Math.min(bound, longestTimer), scheduler, with: () => overdue$ });
}

/** Runs `action` once a promise that is being rejected right now has told its own reaction, which takes a microtask. */
export function afterRejection(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}
