import { Observable } from 'rxjs';

/**
 * Cold; runs `action`, emits what its promise resolves with, and completes. Unsubscribing before that aborts the signal.
 * The signal does not abort afterwards, so that what was received can still be read.
 */
export function fromAbortable<T>(action: (signal: AbortSignal) => Promise<T>): Observable<T> {
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
      if (!isSettled) controller.abort();
    };
  });
}
