import type { EventSourceMessage } from 'eventsource-parser';
import { noop, Observable, type MonoTypeOperatorFunction, type SchedulerLike, Subscription } from 'rxjs';
import { ConnectionFailedError } from '../../../errors';
import { toTypedError } from '../../connection/toTypedError';
import { readEvents, type RetryHint } from '../../http/sse/readEvents';
import type { Endpoint } from './endpoint';

/** What opening streams needs. */
export interface GetStreamOptions {
  get: Endpoint['get'];
  hint: RetryHint;
  /** The silence after which a stream counts as dead, in milliseconds: the server may take no longer to open one. */
  openTimeout(): number | undefined;
  /** Called when the server has agreed to a stream, or refused it. */
  onOutcome?(): void;
  scheduler: SchedulerLike;
}

/**
 * Cold; the events of a GET, those of a chunk together, after the given event if there is one. However it ends, it errors.
 *
 * @param onOpen - called when the server has agreed.
 * @param guard - sees the text before it is parsed.
 */
export type GetStream = (
  lastEventId: string | undefined,
  onOpen?: () => void,
  guard?: MonoTypeOperatorFunction<string>,
) => Observable<EventSourceMessage[]>;

/** A server that once opened a stream within `promptThresholdMs` opens them promptly: it has `promptTimeoutMs` for each. */
const promptThresholdMs = 1_000;
const promptTimeoutMs = 10_000;

/** Creates the {@link GetStream} of one connection. */
export function createGetStream({ get, hint, openTimeout, onOutcome = noop, scheduler }: GetStreamOptions): GetStream {
  // Some servers open a stream no sooner than there is something to send.
  let isPrompt = false;

  function failOverdue(fail: (error: Error) => void): Subscription {
    const timeout = Math.min(openTimeout() ?? Infinity, isPrompt ? promptTimeoutMs : Infinity);
    if (timeout === Infinity) return Subscription.EMPTY;
    return scheduler.schedule(() => {
      fail(new ConnectionFailedError(`listening: no answer in ${String(Math.round(timeout))} ms`));
    }, timeout);
  }

  return (lastEventId, onOpen = noop, guard) =>
    new Observable((subscriber) => {
      const controller = new AbortController();
      const requestedAt = scheduler.now();
      const fail = (cause: unknown): void => {
        if (subscriber.closed) return;
        onOutcome();
        subscriber.error(toTypedError(cause, 'listening'));
      };
      const overdue = failOverdue(fail);
      subscriber.add(overdue);
      subscriber.add(() => {
        controller.abort();
      });
      get(lastEventId, controller.signal).then((body) => {
        overdue.unsubscribe();
        if (subscriber.closed) {
          body.cancel().catch(noop);
          return;
        }
        isPrompt ||= scheduler.now() - requestedAt < promptThresholdMs;
        onOpen();
        onOutcome();
        readEvents(body, { hint, scheduler, guard }).subscribe(subscriber);
      }, fail);
    });
}
