import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  interval,
  tap,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, ServerError } from '../../errors';
import type { Connection } from './connection';
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
  const period = Math.min(keepAlive, maxTimerDelay);
  const lost = new ConnectionLostError(`ping: timed out after ${String(period)} ms`);
  const lost$ = throwError(() => lost);
  return defer(() => {
    let rejected = 0;

    const isAlive = (error: unknown): boolean => {
      // A JSON-RPC error, such as "method not found", proves that the server is alive.
      if (error instanceof ServerError) rejected = 0;
      else if (!(error instanceof ConnectionFailedError) || error.status === undefined || !error.retryable)
        return false;
      else if (error.status !== 429) rejected++;
      return rejected < maxRejectedPings;
    };

    return interval(period, scheduler).pipe(
      exhaustMap(() =>
        connection.request$({ method: 'ping' }).pipe(
          tap(() => (rejected = 0)),
          firstWithin(period, scheduler, lost$),
          catchError((error: unknown) => (isAlive(error) ? EMPTY : throwError(() => error))),
        ),
      ),
    );
  });
}
