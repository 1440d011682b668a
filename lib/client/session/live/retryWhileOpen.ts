import {
  catchError,
  defer,
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
import { type RetryDecision, retryWith } from '../../connection/retry/retryWith';
import { toTypedError } from '../../connection/toTypedError';

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
 * the session is closed. Of consecutive errors, reports only the first, except that a first error that may come from a
 * lost connection is not reported.
 *
 * @param isFatal - whether an error is emitted to the subscriber instead of retried. Default: never.
 */
export function retryWhileOpen<T>(
  { usable$, ended$, report, scheduler }: RetryContext,
  isFatal: (error: unknown) => boolean = () => false,
): MonoTypeOperatorFunction<T> {
  const isRetryable = (error: unknown): boolean => !(error instanceof SessionClosedError) && !isFatal(error);
  return (source$) =>
    defer(() => {
      let isReported = false;

      function onRetry({ attempt }: RetryDecision, error: unknown): void {
        // The session reports a lost connection. If the connection is not lost, the next error is reported.
        if (isReported || (attempt === 1 && isConnectionError(error))) return;
        isReported = true;
        report(toTypedError(error, 'refreshing'));
      }

      return usable$.pipe(
        take(1),
        switchMap(() => source$),
        retryWith(() => backoffPolicy({ isRetryable, scheduler }), onRetry),
        catchError((error: unknown) => (isFatal(error) ? throwError(() => error) : EMPTY)),
        takeUntil(ended$),
      );
    });
}

/**
 * Whether an error may only mean that there is no connection. In that case, it is not worth reporting, because `status$`
 * shows the same.
 */
export function isConnectionError(error: unknown): boolean {
  return (
    error instanceof ConnectionLostError || error instanceof SessionExpiredError || error instanceof SessionClosedError
  );
}
