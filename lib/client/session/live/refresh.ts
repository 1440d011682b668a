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

/** Dependencies of {@link retryWhileOpen}. */
export interface RetryContext {
  /** The current connection, if there is one, then each new one. Errors when the session closes. */
  usable$: Observable<Connection>;
  /** Emits when the session is closed. */
  ended$: Observable<unknown>;
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/**
 * Subscribes to the source once there is a connection. Resubscribes with backoff after each error, and completes when the session
 * is closed. Reports only the first of consecutive errors.
 *
 * @param isFatal - selects errors that are passed to the subscriber instead. Default: none.
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

/** Whether an error only means that there is no connection, which `status$` reports. */
export function isConnectionError(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof SessionExpiredError || error instanceof SessionClosedError
  );
}
