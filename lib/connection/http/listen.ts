import type { EventSourceMessage } from 'eventsource-parser';
import { catchError, defer, Observable, Subscription, type SchedulerLike } from 'rxjs';
import { ConnectionFailedError, ConnectionLostError, SessionExpiredError } from '../../errors';
import type { Hub } from '../../notification/hub';
import type { StreamState } from '../../client/connection/connection';
import { toTypedError } from '../../client/connection/toTypedError';
import { retryWith, type RetryDecision, type RetryPolicy } from '../../client/connection/retry/retryWith';
import { lastEventIdOf } from '../../client/http/sse/lastEventId';
import { resume$, type OpenStream } from './resume';
import type { StreamHealth } from '../../client/http/sse/watchdog';

/** What listening needs. */
export interface ListenOptions {
  open$: OpenStream;
  /** Takes what came in. */
  take(event: EventSourceMessage): unknown;
  /** When to open it again; decided afresh for each connection. */
  waits(): RetryPolicy;
  hub: Hub;
  pulse: StreamHealth;
  scheduler: SchedulerLike;
}

/** Milliseconds after which a stream that has not opened is taken for one that opens late. */
export const openingGrace = 1_000;
/** Milliseconds after which what comes on a resumed stream is no replay any more, and so proves that it is not mute. */
const replayBound = 10_000;
/** Milliseconds for which a server may hold on to a stream that is gone, before a new session is less trouble. */
const conflictBound = 10_000;

/**
 * Listens to what the server sends unasked, for as long as the session lives: a stream that drops is opened again, after
 * the last event that came, by the policy. Emits every change of state, the first of them soon; errors when the session is
 * gone, or the policy gives up. What may have been missed is told as a gap, unless the server resumed the stream and proved
 * it.
 */
export function listen$({
  open$,
  take: takeEvent,
  waits,
  hub,
  pulse,
  scheduler,
}: ListenOptions): Observable<StreamState> {
  return new Observable((subscriber) => {
    const startedAt = pulse.openGap?.since ?? scheduler.now();
    let isProven = false;
    let lastEventId: string | undefined;
    let everOpened = false;
    let openedAt = 0;
    let conflictSince: number | undefined;
    let told = false;
    const opensLate = new Subscription();

    function tell(state: StreamState): void {
      opensLate.unsubscribe();
      subscriber.next(state);
    }

    function opened(): void {
      everOpened = true;
      openedAt = scheduler.now();
      conflictSince = undefined;
      tell({ listening: true });
    }

    /** What was proven whole stays in doubt: the stream that the server has may be one that is gone, and this one mute. */
    function heal(provenWhole: boolean): void {
      isProven = provenWhole;
      if (provenWhole) return;
      const { openGap: hole } = pulse;
      pulse.openGap = undefined;
      if (hole) hub.gaps$.next({ ...hole, until: scheduler.now() });
    }

    const fresh$ = open$(undefined, () => {
      opened();
      heal(false);
    });

    function resumed$(from: string): Observable<EventSourceMessage[]> {
      return resume$({ from, open$, opened, judged: heal, scheduler }).pipe(
        catchError((error: unknown) => {
          if (!isUnknownEvent(error)) throw error;
          lastEventId = undefined;
          return fresh$;
        }),
      );
    }

    /** A server that has had a stream will have one again. */
    function reasonFor(error: unknown): unknown {
      return everOpened && isNoStream(error) ? passing(error) : error;
    }

    function decide(): RetryPolicy {
      const next = waits();
      return (error) => next(reasonFor(error));
    }

    function dropped({ attempt, delay }: RetryDecision, cause: unknown): void {
      const error = toTypedError(reasonFor(cause), 'listening');
      if (error instanceof SessionExpiredError) throw error;
      conflictSince = isConflict(error) ? (conflictSince ?? scheduler.now()) : undefined;
      if (conflictSince !== undefined && scheduler.now() - conflictSince > conflictBound) {
        throw new ConnectionLostError('the server holds on to a stream that is gone', { cause });
      }
      isProven = false;
      const { since } = (pulse.openGap ??= { since: everOpened ? pulse.lastHeardAt : startedAt, cause: error });
      // The first attempt after a drop is made at once, and so is not yet a failure.
      const failing = attempt > 0 || !everOpened;
      if (attempt <= 1) told = false;
      if (failing && !told) hub.report(error);
      told ||= failing;
      const retry = failing && everOpened ? { attempt, delay, error } : undefined;
      tell({ listening: false, since, retry });
    }

    subscriber.add(
      defer(() => (lastEventId === undefined ? fresh$ : resumed$(lastEventId)))
        .pipe(retryWith(decide, dropped))
        .subscribe({
          next: (events) => {
            lastEventId = lastEventIdOf(events, lastEventId);
            if (isProven && pulse.openGap && scheduler.now() - openedAt >= replayBound)
              pulse.openGap.since = scheduler.now();
            for (const event of events) takeEvent(event);
          },
          error: (error: unknown) => {
            if (!isNoStream(error)) {
              subscriber.error(error);
              return;
            }
            // 405 is how a server says that it has none, and no fault.
            if (error.status !== 405) hub.report(error);
            tell({ listening: false, since: startedAt });
          },
        }),
    );
    if (opensLate.closed) return;
    // The connection goes without a stream for now, so what the server sends until there is one is missed.
    opensLate.add(
      scheduler.schedule(
        () => {
          pulse.openGap ??= { since: startedAt, cause: new ConnectionFailedError('listening: the stream opened late') };
          subscriber.next({ listening: false, since: startedAt });
        },
        Math.max(0, startedAt + openingGrace - scheduler.now()),
      ),
    );
    subscriber.add(opensLate);
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

function passing({ message, status, retryAfter, cause }: ConnectionFailedError): Error {
  return new ConnectionFailedError(message, { status, retryAfter, cause, retryable: true });
}
