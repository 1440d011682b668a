import { defer, firstValueFrom, Observable, type SchedulerLike, share, type Subscriber } from 'rxjs';
import { ConnectionLostError } from '../errors';

const aborts = new WeakMap<AbortSignal, Observable<unknown>>();

/**
 * Emits the signal's reason when the signal aborts, or immediately if it has already aborted, and completes. All
 * subscribers share one listener, because Node warns of a leak if a signal has more than ten.
 */
export function abortOf$(signal: AbortSignal): Observable<unknown> {
  return defer(() => {
    const reason: unknown = signal.reason;
    if (signal.aborted) return [reason];
    const known$ = aborts.get(signal);
    if (known$) return known$;
    const abort$ = new Observable((subscriber) => {
      const abort = (): void => {
        subscriber.next(signal.reason);
      };
      signal.addEventListener('abort', abort);
      return () => {
        signal.removeEventListener('abort', abort);
      };
    }).pipe(share({ resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }));
    aborts.set(signal, abort$);
    return abort$;
  });
}

interface TimeLimit {
  /** The timeout in milliseconds. Default: 30,000. */
  timeoutMs?: number;
  scheduler: SchedulerLike;
  /** Aborting it aborts the action. */
  signal: AbortSignal | null | undefined;
  /** The operation, as a prefix for the message of the error. Default: `'sending'`. */
  operation?: string;
}

/**
 * Runs an action with a signal that aborts with a `ConnectionLostError` when the timeout expires. Rejects when the
 * signal aborts, even if the action ignores it.
 */
export function withTimeout<T>(
  { timeoutMs = 30_000, scheduler, signal, operation = 'sending' }: TimeLimit,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited$ = new Observable<T>((subscriber) => {
    const controller = new AbortController();
    const abort = (reason: unknown): void => {
      controller.abort(reason);
      subscriber.error(reason);
    };
    const expire = (): void => abort(new ConnectionLostError(`${operation}: timed out after ${String(timeoutMs)} ms`));
    subscriber.add(scheduler.schedule(expire, timeoutMs));
    if (signal) subscriber.add(abortOf$(signal).subscribe(abort));
    defer(() => action(controller.signal)).subscribe(subscriber);
  });
  return firstValueFrom(limited$);
}

/**
 * Runs `action` on subscription, emits the resolved value, and completes. Cold. Unsubscribing while the promise is
 * pending aborts the signal. After the promise has settled, the signal no longer aborts, so that the body of a received
 * response, for example, can still be read.
 *
 * @param abortReason - the reason that the signal aborts with. Default: an `AbortError`.
 */
export function fromAbortable<T>(action: (signal: AbortSignal) => Promise<T>, abortReason?: unknown): Observable<T> {
  return new Observable((subscriber) => {
    const emit = (value: T): void => {
      subscriber.next(value);
      subscriber.complete();
    };
    runAbortable(subscriber, action, emit, abortReason);
  });
}

/**
 * Runs `action` for a subscriber, like {@link fromAbortable}, but calls `onValue` with the resolved value, even if the
 * subscriber has unsubscribed. If `onValue` throws, the subscriber receives the error.
 */
export function runAbortable<T>(
  subscriber: Subscriber<unknown>,
  action: (signal: AbortSignal) => Promise<T>,
  onValue: (value: T) => void,
  abortReason?: unknown,
): void {
  const controller = new AbortController();
  let isSettled = false;
  subscriber.add(() => {
    if (!isSettled) controller.abort(abortReason);
  });
  action(controller.signal)
    .then(
      (value) => {
        isSettled = true;
        onValue(value);
      },
      (error: unknown) => {
        isSettled = true;
        throw error;
      },
    )
    .catch((error: unknown) => {
      subscriber.error(error);
    });
}
