import { Observable } from 'rxjs';

/**
 * Runs `action`, emits the value that its promise resolves with, and completes. Cold. Unsubscribing while the promise is pending
 * aborts the signal. Once the promise has settled, the signal does not abort, so that for example the body of a received response
 * can still be read.
 *
 * @param abortReason - the reason of the signal. Default: an `AbortError`.
 */
export function fromAbortable<T>(action: (signal: AbortSignal) => Promise<T>, abortReason?: unknown): Observable<T> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    let isSettled = false;
    action(controller.signal).then(
      (value) => {
        isSettled = true;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        isSettled = true;
        subscriber.error(error);
      },
    );
    return () => {
      if (!isSettled) controller.abort(abortReason);
    };
  });
}
