import { catchError, defer, type Observable, of, tap, throwError } from 'rxjs';
import { toTypedError } from './toTypedError';

/**
 * Loads code that many apps never need when it is first used. Emits synchronously once the code is loaded. Errors with a retryable
 * `ConnectionFailedError` if it cannot be loaded; the next subscriber loads it again.
 *
 * @param what - a name for the code, for error messages.
 */
export function onDemand<T>(what: string, load: () => Promise<T>): Observable<T> {
  let loaded$: Observable<T> | undefined;
  const loading$ = defer(load).pipe(
    tap((code) => {
      loaded$ = of(code);
    }),
    catchError((cause: unknown) => throwError(() => toTypedError(cause, `loading ${what}`))),
  );
  return defer(() => loaded$ ?? loading$);
}
