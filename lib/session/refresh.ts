import {
  catchError,
  EMPTY,
  takeUntil,
  throwError,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { backoffWaits } from '../connection/backoff';
import { toTypedError } from '../connection/toTypedError';
import { retryBy } from '../connection/waits';
import { SessionClosedError } from '../errors';
import { coalesceMap } from '../operator/coalesceMap';
import { isOutage } from './isOutage';

/** What refreshing needs of a session. */
export interface RefreshContext {
  report(error: Error): void;
  /** Emits when the session is closed. */
  ended$: Observable<unknown>;
  scheduler: SchedulerLike;
}

/**
 * Gets `fetch$` anew each time the source says that what is known is stale: for a burst of changes, once at once and once
 * at its end. One that fails is told and tried again with backoff, for as long as the session is open; what was known
 * meanwhile stays.
 *
 * @param isFatal - which errors are the subscriber's to deal with. Default: none.
 */
export function refresh<T>(
  fetch$: Observable<T>,
  { report, ended$, scheduler }: RefreshContext,
  isFatal: (error: unknown) => boolean = () => false,
): OperatorFunction<unknown, T> {
  const isRetryable = (error: unknown): boolean => !(error instanceof SessionClosedError) && !isFatal(error);
  const refetched$ = fetch$.pipe(
    retryBy(
      () => backoffWaits({ isRetryable, scheduler }),
      ({ attempt }, error) => {
        if (attempt === 1 && !isOutage(error)) report(toTypedError(error, 'refreshing'));
      },
    ),
    catchError((error: unknown) => (isFatal(error) ? throwError(() => error) : EMPTY)),
    takeUntil(ended$),
  );
  return coalesceMap(() => refetched$);
}
