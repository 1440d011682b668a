import type { EventSourceMessage } from 'eventsource-parser';
import { catchError, defer, EMPTY, mergeMap, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { ConnectionLostError, ServerError, SessionExpiredError } from '../../../errors';
import { errorCode } from '../../../protocol/errorCodes';
import { isRequest } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import { fromAbortable } from '../../../util/fromAbortable';
import { retryWith, type RetryPolicy } from '../../connection/retry/retryWith';
import { toTypedError } from '../../connection/toTypedError';
import { answersRequest, withId } from '../../http/readAnswer';
import { lastEventIdOf } from '../../http/sse/lastEventId';
import { readEvents, type RetryHint } from '../../http/sse/readEvents';
import type { Endpoint } from './endpoint';

/** What sending a message needs. */
export interface PostOptions {
  post: Endpoint['post'];
  /** The rest of a stream, after the event with this id. */
  resume$(lastEventId: string): Observable<EventSourceMessage[]>;
  /** Parses an event; undefined when there is no new message in it. */
  read(event: EventSourceMessage): unknown;
  /** Takes a received message. */
  deliver(message: unknown): void;
  policy(): RetryPolicy;
  hint: RetryHint;
  scheduler: SchedulerLike;
}

/** Milliseconds for which a stream may be silent after the answer: a server that does not end it must not hold a socket. */
const drainTimeoutMs = 5_000;

/**
 * Cold; sends one message and delivers what the server answers with. Completes when the response has been read, errors
 * when the message or the answer to it is lost, and aborts the request when it is unsubscribed from.
 */
export function post$(message: JSONRPCMessage, options: PostOptions): Observable<never> {
  const { post, deliver } = options;
  const id = isRequest(message) ? message.id : undefined;
  return fromAbortable((signal) => post(message, signal)).pipe(
    mergeMap((answer) => {
      if (id === undefined || answer.kind === 'accepted') return EMPTY;
      if (answer.kind === 'stream') return answer$(answer.body, id, options);
      deliver(answer.message);
      // No more is coming, so a request that is still open has not been answered.
      if (answersRequest(answer.message, id)) return EMPTY;
      throw new ServerError('the answer was to another request', { code: errorCode.internalError });
    }),
    catchError((cause: unknown) => {
      throw toTypedError(cause, 'sending');
    }),
  );
}

/**
 * Follows the stream that a request is answered on, up to the answer: a stream that is cut is resumed if its events have
 * ids; otherwise the request fails. The rest of the stream is read after the answer, so that the socket can be reused.
 */
function answer$(
  body: ReadableStream<Uint8Array>,
  id: RequestId,
  { resume$, read, deliver, policy, hint, scheduler }: PostOptions,
): Observable<never> {
  return new Observable((subscriber) => {
    let lastEventId: string | undefined;
    let isAnswered = false;
    let draining = Subscription.EMPTY;

    function take(events: EventSourceMessage[]): void {
      lastEventId = lastEventIdOf(events, lastEventId);
      for (const event of events) {
        const message = withId(read(event), id);
        if (message === undefined) continue;
        isAnswered ||= answersRequest(message, id);
        deliver(message);
      }
      if (!isAnswered || subscriber.closed) return;
      draining.unsubscribe();
      draining = scheduler.schedule(() => {
        subscriber.complete();
      }, drainTimeoutMs);
      subscriber.add(draining);
    }

    const events$ = defer(() =>
      lastEventId === undefined
        ? readEvents(body, { hint, scheduler, isOver: () => isAnswered })
        : resume$(lastEventId),
    ).pipe(
      retryWith(policy, (_, error) => {
        if (isAnswered || lastEventId === undefined || error instanceof SessionExpiredError) throw error;
      }),
    );
    subscriber.add(
      events$.subscribe({
        next: take,
        error: (cause: unknown) => {
          if (isAnswered) subscriber.complete();
          else subscriber.error(new ConnectionLostError('the stream was cut before the answer came', { cause }));
        },
        complete: () => subscriber.complete(),
      }),
    );
  });
}
