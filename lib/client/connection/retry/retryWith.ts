import { defer, type MonoTypeOperatorFunction, type Observable, type ObservableInput, race, retry } from 'rxjs';
import { ConnectionLostError, SessionExpiredError } from '../../../errors';
export interface RetryDecision {
  /** The number of consecutive attempts, including the next one. 0 for an immediate attempt before the delayed ones. */
  attempt: number;
  /** The delay, in milliseconds. `NaN` if the notifier of a user-supplied config decides. */
  delay: number;
  /** Emits when the attempt is to be made. */
  notifier$: ObservableInput<unknown>;
}

/**
 * Decides on the next attempt after an error, or throws the error to give up. Stateful: create one for each
 * subscription.
 */
export type RetryPolicy = (error: unknown) => RetryDecision;

/**
 * Resubscribes after errors like RxJS's `retry`, but with a {@link RetryPolicy}.
 *
 * @param createPolicy - called once per subscription.
 * @param onRetry - called with each decision, and the error that led to it.
 */
export function retryWith<T>(
  createPolicy: () => RetryPolicy,
  onRetry: (decision: RetryDecision, error: unknown) => void,
): MonoTypeOperatorFunction<T> {
  return (source$) =>
    defer(() => {
      let policy: RetryPolicy | undefined;
      function delay(error: unknown): ObservableInput<unknown> {
        const decision = (policy ??= createPolicy())(error);
        onRetry(decision, error);
        return decision.notifier$;
      }
      return source$.pipe(retry({ delay }));
    });
}

/** Returns how long the connection was open before an error, in milliseconds. Returns 0 if it never opened. */
export function uptimeOf(error: unknown): number {
  return error instanceof ConnectionLostError || error instanceof SessionExpiredError ? error.uptime : 0;
}

/**
 * Returns a policy that skips the remaining delay when `retryNow$` emits. The attempt keeps its number.
 *
 * ```text
 * policy       --#-------c   # an error, c the next attempt
 * retryNow$    -----n-----
 * skipDelayOn  --#--c-----
 * ```
 */
export function skipDelayOn(policy: RetryPolicy, retryNow$: Observable<unknown> | undefined): RetryPolicy {
  if (!retryNow$) return policy;
  return (error) => {
    const decision = policy(error);
    return { ...decision, notifier$: race(retryNow$, decision.notifier$) };
  };
}
