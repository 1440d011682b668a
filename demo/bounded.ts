import { RequestTimeoutError } from 'rx-mcp';
import { type MonoTypeOperatorFunction, switchMap, takeUntil, throwError, timer } from 'rxjs';

/** Milliseconds that a demonstration may take, whatever goes wrong. */
const limit = 60_000;

/** Ends with an error what takes too long. */
export function bounded<T>(): MonoTypeOperatorFunction<T> {
  const overdue$ = throwError(() => new RequestTimeoutError(`not done in ${limit} ms`, { timeout: limit }));
  return takeUntil(timer(limit).pipe(switchMap(() => overdue$)));
}
