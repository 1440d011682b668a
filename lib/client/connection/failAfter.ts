import { type MonoTypeOperatorFunction, type SchedulerLike, throwError } from 'rxjs';
import { ConnectionFailedError } from '../../errors';
import { firstWithin } from '../../operator/firstWithin';

const defaultTimeoutMs = 30_000;

/** Errors with a `ConnectionFailedError` if the first value does not arrive within the timeout. */
export function failAfter<T>(
  operation: string,
  timeoutMs = defaultTimeoutMs,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(() => new ConnectionFailedError(`${operation}: timed out after ${String(timeoutMs)} ms`));
  return firstWithin(timeoutMs, scheduler, overdue$);
}

/** Runs `action` after the handlers of a promise that is being rejected now. */
export function afterRejectionSettles(action: () => void): void {
  queueMicrotask(() => {
    queueMicrotask(action);
  });
}
