import type { EventSourceMessage } from 'eventsource-parser';
import { defer, type Observable, type SchedulerLike, type Subscriber, Subscription } from 'rxjs';
import { ConnectionLostError, ServerError, SessionExpiredError } from '../../../errors';
import { isRequest } from '../../../protocol/message';
import type { JSONRPCMessage, RequestId } from '../../../protocol/types';
import { runAbortable } from '../../../util/abort';
import { retryWith, type RetryPolicy } from '../../connection/retry/retryWith';
import { originIds } from '../../rpc/incomingRequests';
import { drainTimeoutMs } from '../../connection/limits';
import { answersRequest, withId } from '../../http/readAnswer';
import { lastEventIdOf, readEvents, type RetryHint } from '../../http/sse/readEvents';
import type { Endpoint } from './endpoint';

/** Dependencies of {@link post}. */
export interface PostOptions {
  endpoint: Pick<Endpoint, 'post'>;
  /** Resumes a stream after the event with this id. */
  resume$(lastEventId: string): Observable<EventSourceMessage[]>;
  /** Parses an event. Returns `undefined` if it does not contain a new message. */
  read(event: EventSourceMessage): unknown;
  /** Handles a message. */
  deliver(message: unknown): void;
  policy(): RetryPolicy;
  hint: RetryHint;
  scheduler: SchedulerLike;
}

/**
 * Sends one message with a POST for a subscriber, and delivers the messages in the response. Completes the subscriber
 * when the response has been read. The subscriber receives an error if the message or the response to it is lost.
 * Unsubscribing aborts the request.
 */
export function post(message: JSONRPCMessage, options: PostOptions, subscriber: Subscriber<never>): void {
  const id = isRequest(message) ? message.id : undefined;
  runAbortable(
    subscriber,
    (signal) => options.endpoint.post(message, signal),
    (answer) => {
      if (id === undefined || answer.kind === 'accepted') subscriber.complete();
      else if (answer.kind === 'stream') readResponse(answer.body, id, options, subscriber);
      else {
        options.deliver(answer.message);
        // There are no further messages, so a request that is still pending will not be answered.
        if (!answersRequest(answer.message, id))
          throw new ServerError('sending: received the response to a different request');
        subscriber.complete();
      }
    },
  );
}

/**
 * Reads the response stream of a request. If the stream breaks before the response, it is resumed if its events have
 * ids; otherwise, the request fails. After the response, the stream is read to the end, so that the socket can be
 * reused.
 */
function readResponse(
  body: ReadableStream<Uint8Array>,
  id: RequestId,
  options: PostOptions,
  subscriber: Subscriber<never>,
): void {
  const { hint, scheduler } = options;
  let lastEventId: string | undefined;
  let isAnswered = false;
  let drainTimer = Subscription.EMPTY;

  function onEvents(events: EventSourceMessage[]): void {
    lastEventId = lastEventIdOf(events, lastEventId);
    for (const event of events) {
      const message = withId(options.read(event), id);
      if (message === undefined) continue;
      isAnswered ||= answersRequest(message, id);
      if (isRequest(message)) originIds.set(message, id);
      options.deliver(message);
    }
    if (!isAnswered || subscriber.closed) return;
    drainTimer.unsubscribe();
    drainTimer = scheduler.schedule(() => {
      subscriber.complete();
    }, drainTimeoutMs);
    subscriber.add(drainTimer);
  }

  const events$ = defer(() =>
    lastEventId === undefined
      ? readEvents(body, { hint, scheduler, mayEnd: () => isAnswered })
      : options.resume$(lastEventId),
  ).pipe(
    retryWith(
      () => options.policy(),
      (_, error) => {
        if (isAnswered || lastEventId === undefined || error instanceof SessionExpiredError) throw error;
      },
    ),
  );
  subscriber.add(
    events$.subscribe({
      next: onEvents,
      error: (cause: unknown) => {
        if (isAnswered) subscriber.complete();
        else subscriber.error(new ConnectionLostError('response stream: ended before the response arrived', { cause }));
      },
      complete: () => subscriber.complete(),
    }),
  );
}
