import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { RequestCancelledError, RequestTimeoutError } from '../../errors';
import { abortOf$ } from '../../util/abort';
import { maxTimerDelay } from '../../util/maxDelay';
import { assertOptions, isAtLeast, check, hasMethods } from '../../util/options';
import type { CallOptions } from './callOptions';
import type { SessionStatus } from './sessionStatus';

/** What bounds every call of a session. */
export interface CallLimits {
  defaults: Pick<CallOptions, 'timeout' | 'maxTotalTimeout'>;
  /** Errors when the session is closed; never emits. */
  closed$: Observable<never>;
  state(): SessionStatus['state'];
  scheduler: SchedulerLike;
}

/** As in the SDK. */
const defaultTimeout = 60_000;

/** What the options of a call have to be. */
const callChecks = {
  timeout: isAtLeast(0),
  maxTotalTimeout: isAtLeast(0),
  signal: hasMethods('an AbortSignal', 'addEventListener'),
  progressToken: check('a string or an integer', (value) => typeof value === 'string' || Number.isInteger(value)),
};

/**
 * Ends a call with a typed error when it takes too long, when its signal aborts, or when its session is closed. Completes
 * with what the call was for: once that is there, nothing ends it any more.
 *
 * One operator, and not RxJS's `timeout`, `merge` and `takeWhile`: of a thousand calls at once, each has one of these.
 *
 * @param isLast - which value is what the call was for. Default: the first.
 */
export function withCallLimits<T>(
  method: string,
  options: CallOptions,
  { defaults, closed$, state, scheduler }: CallLimits,
  isLast: (value: T) => boolean = () => true,
): MonoTypeOperatorFunction<T> {
  return (events$) =>
    new Observable((subscriber) => {
      // What it throws, the call errors with.
      assertOptions(options, callChecks);
      const { timeout = defaults.timeout ?? defaultTimeout, maxTotalTimeout = defaults.maxTotalTimeout ?? Infinity } =
        options;
      const end = (error: unknown): void => {
        subscriber.error(error);
      };
      const after = (bound: number, what: string): Subscription =>
        // Who asks for more than a timer can wait asks for none.
        bound > maxTimerDelay
          ? Subscription.EMPTY
          : scheduler.schedule(() => {
              const now = state();
              const why = now === 'connected' ? '' : `; the session is ${now}`;
              end(new RequestTimeoutError(`${method}: no ${what} in ${String(bound)} ms${why}`, { timeout: bound }));
            }, bound);
      const ends = closed$.subscribe({ error: end });
      subscriber.add(ends);
      if (options.signal) {
        const abort = (cause: unknown): void => {
          end(new RequestCancelledError(`${method}: cancelled`, { cause }));
        };
        ends.add(abortOf$(options.signal).subscribe(abort));
      }
      if (subscriber.closed) return;
      ends.add(after(maxTotalTimeout, 'result'));
      let silence = after(timeout, 'answer');
      ends.add(silence);
      const events = events$.subscribe({
        next(value) {
          if (isLast(value)) {
            ends.unsubscribe();
            subscriber.next(value);
            subscriber.complete();
            return;
          }
          silence.unsubscribe();
          ends.add((silence = after(timeout, 'answer')));
          subscriber.next(value);
        },
        error: end,
        complete() {
          subscriber.complete();
        },
      });
      subscriber.add(events);
    });
}
