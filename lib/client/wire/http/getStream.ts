import type { EventSourceMessage } from 'eventsource-parser';
import { noop, Observable, type SchedulerLike, Subscription, switchMap, take } from 'rxjs';
import { ConnectionFailedError } from '../../../errors';
import { toTypedError } from '../../connection/toTypedError';
import { readEvents, type RetryHint, type Watch } from '../../http/sse/readEvents';
import type { Endpoint } from './endpoint';

/** Dependencies of {@link createGetStream}. */
export interface GetStreamOptions {
  endpoint: Pick<Endpoint, 'get'>;
  hint: RetryHint;
  /** Returns the timeout for opening a stream, in milliseconds: the silence after which a stream is considered dead. */
  openTimeout?(): number | undefined;
  /** Called when the server has accepted or rejected the request for a stream. */
  onOutcome?(): void;
  scheduler: SchedulerLike;
}

/**
 * Opens a GET stream and emits the events of each chunk as an array. With `lastEventId`, the stream starts after that event.
 * Cold. Never completes: every end of the stream is an error.
 *
 * @param onOpen - called when the server has accepted the request.
 * @param begin$ - is subscribed to when the stream is open. The stream is read once it emits. Default: immediately.
 * @param watch - errors when the stream is silent for too long. Default: no limit.
 */
export type GetStream = (
  lastEventId: string | undefined,
  onOpen?: () => void,
  begin$?: Observable<unknown>,
  watch?: Watch,
) => Observable<EventSourceMessage[]>;

/** A server that once opened a stream within `promptThresholdMs` must open each later stream within `promptTimeoutMs`. */
const promptThresholdMs = 1_000;
const promptTimeoutMs = 10_000;

/** Creates the {@link GetStream} of one connection. */
export function createGetStream({
  endpoint,
  hint,
  openTimeout,
  onOutcome = noop,
  scheduler,
}: GetStreamOptions): GetStream {
  // Some servers open a stream only when there is something to send, so opening one has no timeout at first.
  let isPrompt = false;

  function failOverdue(fail: (error: Error) => void): Subscription {
    const timeout = Math.min(openTimeout?.() ?? Infinity, isPrompt ? promptTimeoutMs : Infinity);
    if (timeout === Infinity) return Subscription.EMPTY;
    return scheduler.schedule(() => {
      fail(new ConnectionFailedError(`listening: timed out after ${String(Math.round(timeout))} ms`));
    }, timeout);
  }

  return (lastEventId, onOpen = noop, begin$, watch) =>
    new Observable((subscriber) => {
      const controller = new AbortController();
      const requestedAt = scheduler.now();
      const fail = (cause: unknown): void => {
        if (subscriber.closed) return;
        onOutcome();
        subscriber.error(toTypedError(cause, 'listening'));
      };
      const overdue = failOverdue(fail);
      endpoint.get(lastEventId, controller.signal).then((body) => {
        overdue.unsubscribe();
        if (subscriber.closed) {
          body.cancel().catch(noop);
          return;
        }
        isPrompt ||= scheduler.now() - requestedAt < promptThresholdMs;
        onOpen();
        onOutcome();
        const events$ = readEvents(body, { hint, scheduler, watch });
        (
          begin$?.pipe(
            take(1),
            switchMap(() => events$),
          ) ?? events$
        ).subscribe(subscriber);
      }, fail);
      return () => {
        overdue.unsubscribe();
        controller.abort();
      };
    });
}
