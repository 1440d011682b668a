import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  interval,
  tap,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionLostError, ServerError } from '../../errors';
import type { Connection } from './connection';
import { hasStatus } from './hasStatus';
import { firstWithin } from '../../operator/firstWithin';
import { maxTimerDelay } from '../../util/maxDelay';

/**
 * The number of consecutive pings that are rejected with a transient status, such as 503, after which the connection is
 * considered lost.
 */
const maxRejectedPings = 3;

/**
 * Pings the server while subscribed. Errors if a ping is not answered before the next one is due, or if
 * {@link maxRejectedPings} consecutive pings are rejected with a transient status. A rate limit (429) does not count.
 * Never emits.
 */
export function keepAlive$(
  connection: Pick<Connection, 'request$'>,
  keepAlive: number,
  scheduler: SchedulerLike,
): Observable<unknown> {
  const periodMs = Math.min(keepAlive, maxTimerDelay);
  const timeoutError = new ConnectionLostError(`ping: timed out after ${String(periodMs)} ms`);
  const timedOut$ = throwError(() => timeoutError);
  return defer(() => {
    let rejectedPings = 0;

    const provesAlive = (error: unknown): boolean => {
      // A JSON-RPC error, such as "method not found", proves that the server is alive.
      if (error instanceof ServerError) rejectedPings = 0;
      else if (!hasStatus(error) || !error.retryable) return false;
      else if (error.status !== 429) rejectedPings++;
      return rejectedPings < maxRejectedPings;
    };

    return interval(periodMs, scheduler).pipe(
      concatMap(() =>
        connection.request$({ method: 'ping' }).pipe(
          tap(() => (rejectedPings = 0)),
          firstWithin(periodMs, scheduler, timedOut$),
          catchError((error: unknown) => (provesAlive(error) ? EMPTY : throwError(() => error))),
        ),
      ),
    );
  });
}
