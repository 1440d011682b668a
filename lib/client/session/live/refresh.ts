import { concat, identity, ignoreElements, map, type Observable, type OperatorFunction, startWith, timer } from 'rxjs';
import { coalesceMap } from '../../../operator/coalesceMap';
import { retryWhileOpen, type PersistContext } from './persist';

/** Options for {@link refresh}. */
interface RefreshOptions {
  /** Errors that are passed to the subscriber. Default: none. */
  isFatal?: (error: unknown) => boolean;
  /** Milliseconds to wait after each fetch except the first. Default {@link minRefetchIntervalMs}. */
  rest?: number;
}

/** Short enough to be imperceptible, and bounds the work when a server reports a change with each response. */
export const minRefetchIntervalMs = 100;

/**
 * Fetches immediately, and again after each change that the source emits: for a burst, once at its beginning and once, after an
 * interval, at its end. A failed fetch is reported and retried; the last value stays current.
 *
 * ```text
 * source  -----a------b-c-d------------e---
 * fetch$  [0]--[a]----[b]rest[d]rest---[e]
 * ```
 */
export function refetchOn<T>(
  fetch$: Observable<T>,
  context: PersistContext,
  { isFatal, rest = minRefetchIntervalMs }: RefreshOptions = {},
): OperatorFunction<unknown, T> {
  const fetched$ = fetch$.pipe(retryWhileOpen(context, isFatal));
  const rested$ = concat(fetched$, timer(rest, context.scheduler).pipe(ignoreElements()));
  return (stale$) =>
    stale$.pipe(
      map(() => rested$),
      startWith(fetched$),
      coalesceMap(identity),
    );
}
