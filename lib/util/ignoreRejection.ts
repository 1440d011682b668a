import { noop } from 'rxjs';

/**
 * Returns the promise, and marks its rejection as handled if `isExpected` accepts the error. A caller that awaits the promise
 * still gets the error. For a caller that ignores the promise, Node does not raise an unhandled rejection.
 */
export function ignoreRejection<T>(promise: Promise<T>, isExpected: (error: unknown) => boolean): Promise<T> {
  const guarded = promise.catch((error: unknown) => {
    if (isExpected(error)) guarded.catch(noop);
    throw error;
  });
  return guarded;
}
