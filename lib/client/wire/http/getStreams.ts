import type { EventSourceMessage } from 'eventsource-parser';
import {
  noop,
  Observable,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
  switchMap,
  take,
  type Unsubscribable,
} from 'rxjs';
import { timedOut } from '../../connection/limits';
import { toTypedError } from '../../connection/toTypedError';
import { readEvents, type RetryHint, type Watch } from '../../http/sse/readEvents';
import type { Endpoint } from './endpoint';

export interface GetStreamOptions {
  readonly endpoint: Pick<Endpoint, 'get'>;
  readonly hint: RetryHint;
  /** Returns the timeout for opening a stream, in milliseconds, or `undefined` for no timeout. */
  openTimeout?(): number | undefined;
  /** Called when the server has accepted or rejected the request for a stream. */
  onOutcome?(): void;
  readonly scheduler: SchedulerLike;
}

/**
 * Opens a GET stream, and emits the events of each chunk as an array. With `lastEventId`, the stream starts after this
 * event. Errors when the stream ends; never completes. Cold.
 *
 * @param onOpen - called when the server has accepted the request.
 * @param begin$ - subscribed to when the stream is open. Reading starts when it emits. Default: immediately.
 * @param watch - the limit for silence, after which the stream errors. Default: no limit.
 */
export type GetStream = (
  lastEventId: string | undefined,
  onOpen?: () => void,
  begin$?: Observable<unknown>,
  watch?: Watch,
) => Observable<EventSourceMessage[]>;

/**
 * If a server has opened a stream within `promptThresholdMs`, the timeout for later streams is `promptTimeoutMs`. In
 * milliseconds.
 */
const promptThresholdMs = 1_000;
const promptTimeoutMs = 10_000;

/** Opens the GET streams of one connection. */
export class GetStreams {
  readonly #options: GetStreamOptions;
  // Some servers send the response only together with the first event, so at first, opening a stream has no such
  // timeout.
  #isPrompt = false;

  /** Does not send anything. */
  constructor(options: GetStreamOptions) {
    this.#options = options;
  }

  /** See {@link GetStream}. */
  open$(...[lastEventId, onOpen = noop, begin$, watch]: Parameters<GetStream>): ReturnType<GetStream> {
    return new Observable((subscriber) => {
      const { endpoint, hint, scheduler } = this.#options;
      const requestedAt = scheduler.now();
      const stream = new OpenStream(subscriber, this.#options, this.#timeout());
      subscriber.add(stream);
      endpoint.get(lastEventId, stream.signal).then(
        (body) => {
          if (!stream.accept(body)) return;
          this.#isPrompt ||= scheduler.now() - requestedAt < promptThresholdMs;
          onOpen();
          this.#options.onOutcome?.();
          const events$ = readEvents(body, { hint, scheduler, watch });
          (
            begin$?.pipe(
              take(1),
              switchMap(() => events$),
            ) ?? events$
          ).subscribe(subscriber);
        },
        (cause: unknown) => {
          stream.fail(cause);
        },
      );
    });
  }

  #timeout(): number {
    return Math.min(this.#options.openTimeout?.() ?? Infinity, this.#isPrompt ? promptTimeoutMs : Infinity);
  }
}

/**
 * A GET request, then its stream. A class instead of closures, to save memory: there is one for each open connection.
 */
class OpenStream implements Unsubscribable {
  readonly #subscriber: Subscriber<unknown>;
  readonly #options: GetStreamOptions;
  readonly #controller = new AbortController();
  #openTimer: Subscription | undefined;

  /** @param timeoutMs - the timeout for opening the stream, in milliseconds. `Infinity` for no timeout. */
  constructor(subscriber: Subscriber<unknown>, options: GetStreamOptions, timeoutMs: number) {
    this.#subscriber = subscriber;
    this.#options = options;
    if (timeoutMs === Infinity) return;
    this.#openTimer = options.scheduler.schedule(() => {
      this.fail(timedOut('listening', Math.round(timeoutMs)));
    }, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Accepts the body of the response. Returns `false` if it arrives too late, after cancelling it. */
  accept(body: ReadableStream<Uint8Array>): boolean {
    this.#stopTimer();
    if (this.#subscriber.closed) body.cancel().catch(noop);
    return !this.#subscriber.closed;
  }

  fail(cause: unknown): void {
    if (this.#subscriber.closed) return;
    this.#options.onOutcome?.();
    this.#subscriber.error(toTypedError(cause, 'listening'));
  }

  /** Aborts the request, which closes the stream. */
  unsubscribe(): void {
    this.#stopTimer();
    this.#controller.abort();
  }

  #stopTimer(): void {
    this.#openTimer?.unsubscribe();
    this.#openTimer = undefined;
  }
}
