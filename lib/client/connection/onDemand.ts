import { catchError, defer, type Observable, of, tap, throwError } from 'rxjs';
import { toTypedError } from './toTypedError';

/**
 * Loads code on first use, because many apps never need it. Emits synchronously once the code is loaded. If the code
 * cannot be loaded, errors with a retryable `ConnectionFailedError`, and the next subscriber tries again.
 *
 * @param name - the name of the code, for error messages.
 */
export function onDemand<T>(name: string, load: () => Promise<T>): Observable<T> {
  let loaded$: Observable<T> | undefined;
  const loading$ = defer(load).pipe(
    tap((code) => {
      loaded$ = of(code);
    }),
    catchError((cause: unknown) => throwError(() => toTypedError(cause, `loading ${name}`))),
  );
  return defer(() => loaded$ ?? loading$);
}
