import {
  catchError,
  defer,
  filter,
  type Observable,
  type ObservableInput,
  race,
  type SchedulerLike,
  skip,
  switchMap,
  take,
  throwError,
  timer,
} from 'rxjs';
import { ConnectionLostError, SessionExpiredError } from '../../errors';
import type { Request, Result } from '../../protocol/types';
import type { Connection, RequestOptions } from '../connection/connection';
import { neverSent } from '../connection/sendErrors';
import { neverConnected } from './callLimits';
import type { SessionStatus } from './sessionStatus';

export interface SenderContext {
  /** Emits the usable connection, if there is one, then each new one. Errors when the session is closed. */
  usable$: Observable<Connection>;
  /** The usable connection, if there is one. */
  usable(): Connection | undefined;
  /** Whether a call without a connection waits for one or fails. */
  offline: 'wait' | 'fail';
  state(): SessionStatus['state'];
  scheduler: SchedulerLike;
}

/** Sends on the usable connection of a session, or on the next one. */
interface Sender {
  /** Projects the usable connection, or waits for the next one. */
  onUsable$<T>(project: (connection: Connection) => ObservableInput<T>): Observable<T>;
  /** Sends a request. Resends the request if the server cannot have processed it; after an expired session, only once. */
  send$(request: Request, options: RequestOptions): Observable<Result>;
}

/** The delay before a request that did not reach the server is resent, in milliseconds. */
const resendAfterMs = 1_000;

export function createSender({ usable$, usable, offline, state, scheduler }: SenderContext): Sender {
  const reason = (): string => (state() === 'idle' ? neverConnected : 'not connected');
  const notConnected$ = throwError(() => new ConnectionLostError(`sending: ${reason()}`));

  function onUsable$<T>(project: (connection: Connection) => ObservableInput<T>, expired?: Connection): Observable<T> {
    return defer(() => {
      const current = usable();
      if (current && current !== expired) return project(current);
      // `usable$` is subscribed to first, because its error contains the reason why the session is closed.
      const next$ = offline === 'wait' || expired ? usable$ : race(usable$, notConnected$);
      return next$.pipe(
        filter((connection) => connection !== expired),
        take(1),
        switchMap(project),
      );
    });
  }

  function send$(request: Request, options: RequestOptions): Observable<Result> {
    return onUsable$((connection) =>
      connection.request$(request, options).pipe(
        catchError((error: unknown) => {
          if (error instanceof SessionExpiredError)
            return onUsable$((next) => next.request$(request, options), connection);
          if (offline === 'wait' && error instanceof Error && neverSent.has(error)) return resend$(request, options);
          throw error;
        }),
      ),
    );
  }

  /** Resends a request on the next connection, or after a delay if the loss of the connection has not been noticed. */
  function resend$(request: Request, options: RequestOptions): Observable<Result> {
    const next$ = usable$.pipe(skip(usable() ? 1 : 0));
    return race(next$, timer(resendAfterMs, scheduler)).pipe(
      take(1),
      switchMap(() => send$(request, options)),
    );
  }

  return { onUsable$, send$ };
}
