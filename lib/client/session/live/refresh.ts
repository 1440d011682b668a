import {
  catchError,
  concat,
  EMPTY,
  identity,
  ignoreElements,
  map,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
  startWith,
  switchMap,
  take,
  takeUntil,
  throwError,
  timer,
} from 'rxjs';
import { ConnectionLostError, SessionClosedError, SessionExpiredError, type MCPError } from '../../../errors';
import { coalesceMap } from '../../../operator/coalesceMap';
import type { Connection } from '../../connection/connection';
import { backoffPolicy } from '../../connection/retry/backoff';
import { retryWith } from '../../connection/retry/retryWith';
import { toTypedError } from '../../connection/toTypedError';

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
  return (stale$) =>
    stale$.pipe(
      map(() => throttled$),
      startWith(fetched$),
      coalesceMap(identity),
    );
}

/** Dependencies of {@link retryWhileOpen}. */
export interface RetryContext {
  /** The usable connection, if there is one, then each new one. Errors when the session closes. */
  usable$: Observable<Connection>;
  /** Emits when the session is closed. */
  ended$: Observable<unknown>;
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/**
 * Subscribes to the source once there is a connection, and resubscribes with backoff after each error. Completes when
 * the session is closed. Of consecutive errors, reports only the first.
 *
 * @param isFatal - whether an error is emitted to the subscriber instead of retried. Default: never.
 */
export function retryWhileOpen<T>(
  { usable$, ended$, report, scheduler }: RetryContext,
  isFatal: (error: unknown) => boolean = () => false,
): MonoTypeOperatorFunction<T> {
  const isRetryable = (error: unknown): boolean => !(error instanceof SessionClosedError) && !isFatal(error);
  return (source$) =>
    usable$.pipe(
      take(1),
      switchMap(() => source$),
      retryWith(
        () => backoffPolicy({ isRetryable, scheduler }),
        ({ attempt }, error) => {
          if (attempt === 1 && !isConnectionError(error)) report(toTypedError(error, 'refreshing'));
        },
      ),
      catchError((error: unknown) => (isFatal(error) ? throwError(() => error) : EMPTY)),
      takeUntil(ended$),
    );
}

/** Whether an error only means that there is no connection. Not worth reporting, because `status$` shows the same. */
export function isConnectionError(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof SessionExpiredError || error instanceof SessionClosedError
  );
}
