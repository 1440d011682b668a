import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  concatWith,
  defer,
  throwError,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { ConnectionLostError } from '../../errors';
import { chunksOf } from './chunksOf';
import { parseEvents } from './parseEvents';

/** The `retry` field that a server sent last: how long it asks to wait before coming back, in milliseconds. */
export interface RetryHint {
  delay?: number;
}

/**
 * The events of an open event stream, those of a chunk together. It never completes: however it ends, it errors with a `ConnectionLostError` that
 * knows how long it had been open, and how long the server asked to wait.
 *
 * @param guard - sees the text before it is parsed.
 */
export function eventsOf(
  body: ReadableStream<Uint8Array>,
  hint: RetryHint,
  scheduler: SchedulerLike,
  guard: MonoTypeOperatorFunction<string> = (chunks$) => chunks$,
): Observable<EventSourceMessage[]> {
  return defer(() => {
    const openedAt = scheduler.now();
    return chunksOf(body).pipe(
      guard,
      parseEvents((delay) => {
        hint.delay = delay;
      }),
      concatWith(throwError(() => new Error('the server ended it'))),
      catchError((cause: unknown) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const uptime = scheduler.now() - openedAt;
        throw new ConnectionLostError(`event stream: ${reason}`, { cause, uptime, retryAfter: hint.delay });
      }),
    );
  });
}
