import {
  catchError,
  EMPTY,
  switchMap,
  take,
  takeUntil,
  throwError,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { backoffWaits } from '../client/connection/retry/backoff';
import type { Connection } from '../client/connection/connection';
import { toTypedError } from '../client/connection/toTypedError';
import { retryBy } from '../client/connection/retry/retryWith';
import { SessionClosedError } from '../errors';
import { isOutage } from './isOutage';

/** What persisting needs of a session. */
export interface PersistContext {
  /** The connection now, if there is one, and each one after it. Errors once there will be none. */
  live$: Observable<Connection>;
  /** Emits when the session is closed. */
  ended$: Observable<unknown>;
  report(error: Error): void;
  scheduler: SchedulerLike;
}

/**
 * Does its source as soon as there is a connection, and again with backoff when it fails, for as long as the session is
 * open: then it completes. The first failure in a row is told.
 *
 * @param isFatal - which errors are the subscriber's to deal with. Default: none.
 */
export function persist<T>(
  { live$, ended$, report, scheduler }: PersistContext,
  isFatal: (error: unknown) => boolean = () => false,
): MonoTypeOperatorFunction<T> {
  const isRetryable = (error: unknown): boolean => !(error instanceof SessionClosedError) && !isFatal(error);
  return (source$) =>
    live$.pipe(
      take(1),
      switchMap(() => source$),
      retryBy(
        () => backoffWaits({ isRetryable, scheduler }),
        ({ attempt }, error) => {
          if (attempt === 1 && !isOutage(error)) report(toTypedError(error, 'refreshing'));
        },
      ),
      catchError((error: unknown) => (isFatal(error) ? throwError(() => error) : EMPTY)),
      takeUntil(ended$),
    );
}
