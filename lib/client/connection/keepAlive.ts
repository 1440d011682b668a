import {
  catchError,
  EMPTY,
  exhaustMap,
  interval,
  throwError,
  timeout,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionLostError, ServerError } from '../../errors';
import type { Connection } from './connection';
import { maxTimerDelay } from '../../util/maxDelay';

/** Pings the server while subscribed. Errors if a response takes longer than the interval between two pings. */
export function keepAlive$({ request$ }: Connection, keepAlive: number, scheduler: SchedulerLike): Observable<unknown> {
  const period = Math.min(keepAlive, maxTimerDelay);
  const lost = new ConnectionLostError(`ping: timed out after ${String(period)} ms`);
  return interval(period, scheduler).pipe(
    exhaustMap(() =>
      request$({ method: 'ping' }).pipe(
        timeout({ first: period, scheduler, with: () => throwError(() => lost) }),
        // "Method not found" also proves that the server is alive.
        catchError((error: unknown) => (error instanceof ServerError ? EMPTY : throwError(() => error))),
      ),
    ),
  );
}
