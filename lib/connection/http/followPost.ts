import type { EventSourceMessage } from 'eventsource-parser';
import { defer, Subscription, type Observable, type SchedulerLike } from 'rxjs';
import { ConnectionLostError, SessionExpiredError } from '../../errors';
import { retryWith, type RetryPolicy } from '../../client/connection/retry/retryWith';
import { lastEventIdOf } from '../../client/http/sse/lastEventId';

/** What following the answer to a POST needs. */
export interface FollowOptions {
  /** The stream that the server answered with; it may end when `isOver`, and completes then. */
  answer$(isOver: () => boolean): Observable<EventSourceMessage[]>;
  /** The rest of it, after the event with this id. */
  resume$(lastEventId: string): Observable<EventSourceMessage[]>;
  /** Takes an event; returns whether it answered the request. */
  take(event: EventSourceMessage): boolean;
  /** Answers in the server's place. */
  refuse(error: Error): void;
  waits(): RetryPolicy;
  scheduler: SchedulerLike;
}

/** How long a stream may be silent after the answer, in milliseconds: a server that does not end it is not to hold a socket. */
const linger = 5_000;

/**
 * Follows the stream that a server answers a request with, up to the answer: a stream that is cut is resumed, if the server
 * gives its events ids; if not, the request fails at once. What comes after the answer is read to its end, so that the
 * socket can be used again.
 */
export function followPost({ answer$, resume$, take, refuse, waits, scheduler }: FollowOptions): Subscription {
  const following = new Subscription();
  let lastEventId: string | undefined;
  let answered = false;
  let leaving: Subscription | undefined;

  function leaveSoon(): void {
    leaving?.unsubscribe();
    following.add(
      (leaving = scheduler.schedule(() => {
        following.unsubscribe();
      }, linger)),
    );
  }

  const events$ = defer(() => (lastEventId === undefined ? answer$(() => answered) : resume$(lastEventId)));
  following.add(
    events$
      .pipe(
        retryWith(waits, (_, error) => {
          if (answered || lastEventId === undefined || error instanceof SessionExpiredError) throw error;
        }),
      )
      .subscribe({
        next: (events) => {
          lastEventId = lastEventIdOf(events, lastEventId);
          for (const event of events) answered = take(event) || answered;
          if (answered && !following.closed) leaveSoon();
        },
        error: (cause: unknown) => {
          following.unsubscribe();
          if (answered) return;
          refuse(new ConnectionLostError('the stream was cut before the answer came', { cause }));
        },
        complete: () => {
          following.unsubscribe();
        },
      }),
  );
  return following;
}
