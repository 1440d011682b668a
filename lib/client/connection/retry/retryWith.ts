import { defer, from, type MonoTypeOperatorFunction, type Observable, type ObservableInput, race, retry } from 'rxjs';
import { ConnectionLostError, SessionExpiredError } from '../../../errors';

/** One decision to try again. */
export interface RetryDecision {
  /** Which attempt in a row this is, from 1; 0 for one that is made at once, ahead of those that are waited for. */
  attempt: number;
  /** Milliseconds until it is made; `NaN` where a notifier of the user's own decides. */
  delay: number;
  /** Emits when it is time. */
  notifier$: ObservableInput<unknown>;
}

/** Decides, error by error, how long to wait; throws the error when there is to be no further attempt. */
export type RetryPolicy = (error: unknown) => RetryDecision;

/** RxJS's `retry`, by decisions that are made afresh for each subscription; `onWait` is told of each. */
export function retryWith<T>(
  waits: () => RetryPolicy,
  onWait: (wait: RetryDecision, error: unknown) => void,
): MonoTypeOperatorFunction<T> {
  return (source$) =>
    defer(() => {
      let next: RetryPolicy | undefined;
      function delay(error: unknown): ObservableInput<unknown> {
        const wait = (next ??= waits())(error);
        onWait(wait, error);
        return wait.notifier$;
      }
      return source$.pipe(retry({ delay }));
    });
}

/** Milliseconds that something had been open when it ended with this error; 0 when it never opened. */
export function uptimeOf(error: unknown): number {
  return error instanceof ConnectionLostError || error instanceof SessionExpiredError ? error.uptime : 0;
}

/**
 * The same decisions, but of each wait there is no more when `retryNow$` emits: the attempt that was waited for is made at once,
 * and counts as that.
 *
 * ```text
 * waits     --#-------c      # failed, c tries again
 * retryNow$    -----h-----
 * skipDelayOn  --#--c-----
 * ```
 */
export function skipDelayOn(waits: RetryPolicy, hurry$: Observable<unknown> | undefined): RetryPolicy {
  if (!hurry$) return waits;
  return (error) => {
    const wait = waits(error);
    return { ...wait, notifier$: race(hurry$, from(wait.notifier$)) };
  };
}
