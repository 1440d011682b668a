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

/** Pings a server for as long as it is subscribed to; errors when an answer takes longer than the time between two. */
export function keepAlive$({ request$ }: Connection, keepAlive: number, scheduler: SchedulerLike): Observable<unknown> {
  const period = Math.min(keepAlive, maxTimerDelay);
  const lost = new ConnectionLostError(`no answer to a ping in ${String(period)} ms`);
  return interval(period, scheduler).pipe(
    exhaustMap(() =>
      request$({ method: 'ping' }).pipe(
        timeout({ first: period, scheduler, with: () => throwError(() => lost) }),
        // An answer is an answer, also that there is no such method.
        catchError((error: unknown) => (error instanceof ServerError ? EMPTY : throwError(() => error))),
      ),
    ),
  );
}
