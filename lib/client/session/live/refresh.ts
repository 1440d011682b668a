import { concat, identity, ignoreElements, map, type Observable, type OperatorFunction, startWith, timer } from 'rxjs';
import { coalesceMap } from '../../../operator/coalesceMap';
import { retryWhileOpen, type PersistContext } from './persist';

/** How something is kept current. */
interface RefreshOptions {
  /** Which errors are the subscriber's to deal with. Default: none. */
  isFatal?: (error: unknown) => boolean;
  /** Milliseconds of rest after each time but the first. Default {@link minRefetchIntervalMs}. */
  rest?: number;
}

/** Too short for a person to notice; long enough that a server which tells of a change with each answer keeps nobody busy. */
export const minRefetchIntervalMs = 100;

/**
 * Gets `fetch$` at once, and anew each time the source says that what is known is stale: for a burst of changes, once at its
 * beginning and once, after a rest, at its end. One that fails is told and tried again; what was known meanwhile stays.
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
