import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  defer,
  EMPTY,
  ignoreElements,
  merge,
  NEVER,
  of,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, SessionExpiredError } from '../../errors';
import type { Hub } from '../../notification/hub';
import type { StreamState } from '../connection';
import { toTypedError } from '../toTypedError';
import { retryBy, type Waits } from '../waits';
import type { Pulse } from './watchdog';

/** What listening needs. */
export interface ListenOptions {
  /**
   * Cold; opens the listening stream, after the event with the given id if there is one. `opened` is called when the
   * server has agreed. It never completes: however the stream ends, it errors.
   */
  open$(lastEventId: string | undefined, opened: () => void): Observable<EventSourceMessage>;
  /** Takes what came in. */
  take(event: EventSourceMessage): unknown;
  /** When to open it again; decided afresh for each connection. */
  waits(): Waits;
  hub: Hub;
  pulse: Pulse;
  scheduler: SchedulerLike;
}

/** Milliseconds for which a server may hold on to a stream that is gone, before a new session is less trouble. */
const conflictBound = 10_000;

/**
 * Listens to what the server sends unasked, for as long as the session lives: a stream that drops is opened again, after
 * the last event that came, by the policy. Emits every change of state; errors when the session is gone, or the policy
 * gives up. What may have been missed is told as a gap, unless the server resumed the stream and proved it.
 */
export function listen$({
  open$,
  take: takeEvent,
  waits,
  hub,
  pulse,
  scheduler,
}: ListenOptions): Observable<StreamState> {
  return defer(() => {
    const state$ = new Subject<StreamState>();
    let lastEventId: string | undefined;
    let everOpened = false;
    let hole: { since: number; cause: Error } | undefined;
    let conflictSince: number | undefined;
    let told = false;

    function opened(): void {
      everOpened = true;
      conflictSince = undefined;
      state$.next({ listening: true });
    }

    function heal(provenWhole: boolean): void {
      if (hole && !provenWhole) hub.gaps$.next({ ...hole, until: scheduler.now() });
      hole = undefined;
    }

    const fresh$ = open$(undefined, () => {
      opened();
      heal(false);
    });

    /**
     * That a server took the id proves nothing: some replay into a stream that hears no more. So a fresh stream is asked
     * for beside it. A server that refuses it, since it has one already, has the resumed one; from one that opens it, both
     * are heard.
     */
    function resumed$(from: string): Observable<EventSourceMessage> {
      const agreed$ = new Subject<void>();
      let freshOpened = false;
      const second$ = open$(undefined, () => {
        freshOpened = true;
        heal(false);
      });
      const first$ = open$(from, () => {
        opened();
        agreed$.next();
      });
      return merge(
        agreed$.pipe(
          take(1),
          switchMap(() => second$),
          catchError((error: unknown) => {
            if (freshOpened) throw error;
            heal(isConflict(error));
            return EMPTY;
          }),
        ),
        first$.pipe(catchError((error: unknown) => (freshOpened ? NEVER : throwError(() => error)))),
      ).pipe(
        catchError((error: unknown) => {
          if (!isUnknownEvent(error)) throw error;
          lastEventId = undefined;
          return fresh$;
        }),
      );
    }

    const running$ = defer(() => (lastEventId === undefined ? fresh$ : resumed$(lastEventId))).pipe(
      tap((event) => {
        if (event.id) lastEventId = event.id;
        takeEvent(event);
      }),
      retryBy(waits, ({ attempt, delay }, cause) => {
        const error = toTypedError(cause, 'listening');
        if (error instanceof SessionExpiredError) throw error;
        conflictSince = isConflict(error) ? (conflictSince ?? scheduler.now()) : undefined;
        if (conflictSince !== undefined && scheduler.now() - conflictSince > conflictBound) {
          throw new ConnectionLostError('the server holds on to a stream that is gone', { cause });
        }
        if (everOpened) hole ??= { since: pulse.heardAt, cause: error };
        // The first attempt after a drop is made at once, and so is not yet a failure.
        const failing = attempt > 1 || !everOpened;
        if (attempt === 1) told = false;
        if (failing && !told) hub.report(error);
        told ||= failing;
        const retry = failing && everOpened ? { attempt, delay, error } : undefined;
        state$.next({ listening: false, since: hole?.since ?? scheduler.now(), retry });
      }),
      ignoreElements(),
      catchError((error: unknown) => {
        if (!isNoStream(error)) throw error;
        // 405 is how a server says that it has none, and no fault.
        if (error.status !== 405) hub.report(error);
        return of({ listening: false as const, since: hole?.since ?? scheduler.now() });
      }),
    );
    return merge(state$, running$);
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof ConnectionFailedError && error.status === 409;
}

/** How servers answer to an event id that they can do nothing with. */
function isUnknownEvent(error: unknown): boolean {
  return error instanceof ConnectionFailedError && error.status === 400;
}

/** The server is there and knows the session, but has no such stream. */
function isNoStream(error: unknown): error is ConnectionFailedError {
  return error instanceof ConnectionFailedError && error.status !== undefined && !error.retryable;
}
