import type { EventSourceMessage } from 'eventsource-parser';
import { identity, Observable, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { ConnectionLostError } from '../../../errors';
import { readChunks } from './readChunks';
import { parseEvents } from './parseEvents';

/** The `retry` field that a server sent last: how long it asks to wait before coming back, in milliseconds. */
export interface RetryHint {
  delay?: number;
}

/** What reading an event stream needs. */
export interface EventsOptions {
  hint: RetryHint;
  scheduler: SchedulerLike;
  /** Sees the text before it is parsed. */
  guard?: MonoTypeOperatorFunction<string> | undefined;
  /** Whether there is nothing more to come, so that the server may end it. Default: there is always more. */
  isOver?: () => boolean;
}

/**
 * The events of an open event stream, those of a chunk together. It completes only when it is over: however it ends before,
 * it errors with a `ConnectionLostError` that knows how long it had been open, and how long the server asked to wait.
 */
export function readEvents(
  body: ReadableStream<Uint8Array>,
  { hint, scheduler, guard = identity, isOver }: EventsOptions,
): Observable<EventSourceMessage[]> {
  return new Observable((subscriber) => {
    const openedAt = scheduler.now();

    function lose(cause: unknown): void {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const uptime = scheduler.now() - openedAt;
      subscriber.error(new ConnectionLostError(`event stream: ${reason}`, { cause, uptime, retryAfter: hint.delay }));
    }

    return readChunks(body)
      .pipe(
        guard,
        parseEvents((delay) => {
          hint.delay = delay;
        }),
      )
      .subscribe({
        next: (events) => {
          subscriber.next(events);
        },
        error: lose,
        complete: () => {
          if (isOver?.()) subscriber.complete();
          else lose(new Error('the server ended it'));
        },
      });
  });
}
