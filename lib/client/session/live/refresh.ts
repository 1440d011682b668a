import { concat, identity, ignoreElements, map, type Observable, type OperatorFunction, startWith, timer } from 'rxjs';
import { coalesceMap } from '../../../operator/coalesceMap';
import { retryWhileOpen, type RetryContext } from './retryWhileOpen';

/** Options for {@link refresh}. */
interface RefreshOptions {
  /** Selects errors that are passed to the subscriber. Default: none. */
  isFatal?: (error: unknown) => boolean;
  /** The delay after each fetch except the first, in milliseconds. Default {@link minRefetchIntervalMs}. */
  minIntervalMs?: number;
}

/** The minimum interval between fetches, in milliseconds. Limits the work if a server reports a change with each response. */
export const minRefetchIntervalMs = 100;

/**
 * Fetches immediately, and again after each emission of the source. A burst of emissions leads to one fetch at its beginning and
 * one at its end, after an interval. A failed fetch is reported and retried, and the last value stays current.
 *
 * ```text
 * source  -----a------b-c-d------------e---
 * fetch$  [0]--[a]----[b]rest[d]rest---[e]
 * ```
 */
export function refetchOn<T>(
  fetch$: Observable<T>,
  context: RetryContext,
  { isFatal, minIntervalMs = minRefetchIntervalMs }: RefreshOptions = {},
): OperatorFunction<unknown, T> {
  const fetched$ = fetch$.pipe(retryWhileOpen(context, isFatal));
  const throttled$ = concat(fetched$, timer(minIntervalMs, context.scheduler).pipe(ignoreElements()));
  return (stale$) =>
    stale$.pipe(
      map(() => throttled$),
      startWith(fetched$),
      coalesceMap(identity),
    );
}
