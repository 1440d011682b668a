import {
  mergeMap,
  Observable,
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

/** Ends a call with a typed error when it takes too long, when its signal aborts, or when its session is closed. */
export function bounded<T>(
  method: string,
  options: CallOptions,
  { defaults, closed$, scheduler }: Bounds,
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
      const end = (error: unknown): void => {
        subscriber.error(error);
      };
      for (const end$ of ends$) {
        subscriber.add(end$.subscribe({ error: end }));
        if (subscriber.closed) return;
      }
      subscriber.add(each$.subscribe(subscriber));
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
