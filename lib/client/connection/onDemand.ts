import { asyncScheduler, catchError, defer, type Observable, type SchedulerLike, tap } from 'rxjs';
import { failAfter } from './limits';
import { toTypedError } from './toTypedError';

/**
 * Loads code on first use, because many apps never need it. Emits synchronously once the code is loaded. If the code
 * cannot be loaded within 30 s, errors with a retryable `ConnectionFailedError`, and the next subscriber tries again.
 *
 * @param name - the name of the code, for error messages.
 */
export function onDemand<T>(
  name: string,
  load: () => Promise<T>,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<T> {
  const operation = `loading ${name}`;
  let loaded: [T] | undefined;
  const loading$ = defer(load).pipe(
    failAfter(operation, undefined, scheduler),
    tap((code) => {
      loaded = [code];
    }),
    catchError((cause: unknown) => {
      throw toTypedError(cause, operation);
    }),
  );
  return defer(() => loaded ?? loading$);
}
