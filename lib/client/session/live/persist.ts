import {
  catchError,
  EMPTY,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
  switchMap,
  take,
  takeUntil,
  throwError,
} from 'rxjs';
import { ConnectionLostError, SessionClosedError, SessionExpiredError, type MCPError } from '../../../errors';
import type { Connection } from '../../connection/connection';
import { backoffPolicy } from '../../connection/retry/backoff';
import { retryWith } from '../../connection/retry/retryWith';
import { toTypedError } from '../../connection/toTypedError';

/** What persisting needs of a session. */
export interface PersistContext {
  /** The connection now, if there is one, and each one after it. Errors once there will be none. */
  usable$: Observable<Connection>;
  /** Emits when the session is closed. */
  ended$: Observable<unknown>;
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/**
 * Does its source as soon as there is a connection, and again with backoff when it fails, for as long as the session is
 * open: then it completes. The first failure in a row is told.
 *
 * @param isFatal - which errors are the subscriber's to deal with. Default: none.
 */
export function retryWhileOpen<T>(
  { usable$, ended$, report, scheduler }: PersistContext,
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

/** Whether an error only says that there is no connection, which `status$` shows. */
export function isConnectionError(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof SessionExpiredError || error instanceof SessionClosedError
  );
}
