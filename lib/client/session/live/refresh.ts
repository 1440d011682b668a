import { concat, identity, ignoreElements, map, type Observable, type OperatorFunction, startWith, timer } from 'rxjs';
import { coalesceMap } from '../../../operator/coalesceMap';
import { type RetryContext, retryWhileOpen } from './retryWhileOpen';

/** Options for {@link refetchOn}. */
interface RefreshOptions {
  /** Whether an error is emitted to the subscriber instead of retried. Default: never. */
  isFatal?: (error: unknown) => boolean;
  /** The minimum delay between a refetch and the next one, in milliseconds. Default {@link minRefetchIntervalMs}. */
  minIntervalMs?: number;
}

/**
 * The minimum delay between refetches, in milliseconds. Limits the work if a server reports a change after each
 * response.
 */
export const minRefetchIntervalMs = 100;

/**
 * Fetches immediately, and again when the source emits. A burst of emissions leads to two fetches: one at its
 * beginning, and one at its end. A failed fetch is reported and retried. Completes when the session ends; errors only
 * if `isFatal`.
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
  return (changes$) =>
    changes$.pipe(
      map(() => throttled$),
      startWith(fetched$),
      coalesceMap(identity),
    );
}
