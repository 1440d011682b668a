import { noop } from 'rxjs';

/**
 * Returns the same outcome, but if `isExpected` accepts the error, a caller that ignores the promise does not cause an
 * unhandled rejection. A caller that awaits the promise receives the error.
 */
export function ignoreRejection<T>(promise: Promise<T>, isExpected: (error: unknown) => boolean): Promise<T> {
  const guarded = promise.catch((error: unknown) => {
    if (isExpected(error)) guarded.catch(noop);
    throw error;
  });
  return guarded;
}
