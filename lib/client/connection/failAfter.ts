import { type MonoTypeOperatorFunction, type SchedulerLike, throwError, timeout } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { maxTimerDelay } from '../../util/maxDelay';

/** Milliseconds that a step of connecting may take, unless it is said otherwise. */
const defaultBound = 30_000;

/** Errors with a `ConnectionFailedError` that says what was being done, when the first value does not come in time. */
export function failAfter<T>(
  doing: string,
  bound = defaultBound,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(() => new ConnectionFailedError(`${doing}: no answer in ${String(bound)} ms`));
  return timeout({ first: Math.min(bound, maxTimerDelay), scheduler, with: () => overdue$ });
}

/** Runs `action` once a promise that is being rejected right now has told its own reaction, which takes a microtask. */
export function afterRejectionSettles(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}
