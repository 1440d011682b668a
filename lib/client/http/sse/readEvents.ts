import type { EventSourceMessage } from 'eventsource-parser';
import { identity, Observable, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { ConnectionLostError } from '../../../errors';
import { readChunks } from './readChunks';
import { parseEvents } from './parseEvents';

/** The last `retry` field of a server: the delay before reconnecting, in milliseconds. */
export interface RetryHint {
  delay?: number;
}

/** Options for {@link readEvents}. */
export interface EventsOptions {
  /** Updated with each `retry` field. */
  hint: RetryHint;
  scheduler: SchedulerLike;
  /** Applied to the text before it is parsed, for example a watchdog. */
  guard?: MonoTypeOperatorFunction<string> | undefined;
  /** Whether all expected messages have arrived, so that the server may end the stream. Default: never. */
  isOver?: () => boolean;
}

/**
 * Emits the events of an open event stream, one array per chunk. Completes if the stream ends while `isOver` returns `true`. Any
 * other end errors with a `ConnectionLostError` that has the uptime and the delay that the server requested.
 */
export function readEvents(
  body: ReadableStream<Uint8Array>,
  { hint, scheduler, guard = identity, isOver }: EventsOptions,
): Observable<EventSourceMessage[]> {
  return new Observable((subscriber) => {
    const openedAt = scheduler.now();

    function fail(cause: unknown): void {
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
        error: fail,
        complete: () => {
          if (isOver?.()) subscriber.complete();
          else fail(new Error('ended by the server'));
        },
      });
  });
}
