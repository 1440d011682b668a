import {
  mergeMap,
  Observable,
  Subscription,
  tap,
  throwError,
  timeout as timeoutBetween,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { RequestCancelledError, RequestTimeoutError } from '../errors';
import type { CallOptions } from './callOptions';

/** What bounds every call of a session. */
export interface Bounds {
  defaults: Pick<CallOptions, 'timeout' | 'maxTotalTimeout'>;
  /** Errors when the session is closed; never emits. */
  closed$: Observable<never>;
  scheduler: SchedulerLike;
}

/** As in the SDK. */
const defaultTimeout = 60_000;
/** No timer can wait longer; who asks for more asks for none. */
const longestTimer = 2 ** 31 - 1;

/**
 * Ends a call with a typed error when it takes too long, when its signal aborts, or when its session is closed.
 *
 * @param isLast - which value is what the call was for: once that is there, nothing ends it any more. Default: the first.
 */
export function bounded<T>(
  method: string,
  options: CallOptions,
  { defaults, closed$, scheduler }: Bounds,
  isLast: (value: T) => boolean = () => true,
): MonoTypeOperatorFunction<T> {
  const { timeout = defaults.timeout ?? defaultTimeout, maxTotalTimeout = defaults.maxTotalTimeout ?? Infinity } =
    options;
  const overdue$ = (bound: number, what: string) =>
    throwError(() => new RequestTimeoutError(`${method}: no ${what} in ${String(bound)} ms`, { timeout: bound }));

  return (events$) => {
    const ends$ = [closed$];
    if (options.signal) ends$.push(aborted$(options.signal, method));
    if (maxTotalTimeout <= longestTimer) {
      ends$.push(timer(maxTotalTimeout, scheduler).pipe(mergeMap(() => overdue$(maxTotalTimeout, 'result'))));
    }
    const each$ =
      timeout <= longestTimer
        ? events$.pipe(timeoutBetween({ each: timeout, scheduler, with: () => overdue$(timeout, 'answer') }))
        : events$;
    return new Observable((subscriber) => {
      const ends = new Subscription();
      subscriber.add(ends);
      const end = (error: unknown): void => {
        subscriber.error(error);
      };
      for (const end$ of ends$) {
        ends.add(end$.subscribe({ error: end }));
        if (subscriber.closed) return;
      }
      const settle = (value: T): void => {
        if (isLast(value)) ends.unsubscribe();
      };
      subscriber.add(each$.pipe(tap(settle)).subscribe(subscriber));
    });
  };
}

function aborted$(signal: AbortSignal, method: string): Observable<never> {
  return new Observable((subscriber) => {
    const abort = (): void => {
      subscriber.error(new RequestCancelledError(`${method}: cancelled`, { cause: signal.reason }));
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort);
    return () => {
      signal.removeEventListener('abort', abort);
    };
  });
}
