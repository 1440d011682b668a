import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  defer,
  interval,
  NEVER,
  noop,
  Observable,
  race,
  retry,
  skip,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  timer,
  type SchedulerLike,
} from 'rxjs';
import type { GapTracker } from '../../connection/gapTracker';
import { hasStatus } from '../../connection/hasStatus';
import { statusOf } from '../../http/httpError';
import { lastEventIdOf } from '../../http/sse/readEvents';
import type { StreamHealth } from '../../http/sse/streamWatchdog';
import { type ConnectionFailedError, SessionExpiredError, UnauthorizedError } from '../../../errors';
import type { GetStream } from './getStreams';

/** Dependencies of {@link ResumableStream}. */
export interface ResumableStreamOptions {
  /** Opens a GET stream. See {@link GetStream}. */
  open$(...args: Parameters<GetStream>): ReturnType<GetStream>;
  readonly gap: GapTracker;
  readonly health: StreamHealth;
  readonly scheduler: SchedulerLike;
}

/** Handles the opening of a {@link ResumableStream}. */
export interface StreamHandler {
  /** Called when the server has accepted the request. */
  onOpen(isResumed: boolean): void;
  /**
   * Called with `true` if no message was missed, otherwise with `false`. May be called with `false` after `true`, if
   * the resumed stream turns out to be dead.
   */
  onVerified(isComplete: boolean): void;
}

/** A stream that is reopened after its last event. */
export class ResumableStream {
  readonly #options: ResumableStreamOptions;
  #probes: ProbeHistory | undefined;
  #lastEventId: string | undefined;
  #lastEventAt: number;

  /** Does not open the stream. */
  constructor(options: ResumableStreamOptions) {
    this.#options = options;
    this.#lastEventAt = options.scheduler.now();
  }

  /** Opens the stream and emits the events of each chunk, which must be passed to `onEvents`. Cold. */
  open$(handler: StreamHandler): Observable<EventSourceMessage[]> {
    const from = this.#lastEventId;
    return from === undefined ? this.#openNew$(handler) : this.#resume$(from, handler);
  }

  onEvents(events: EventSourceMessage[]): void {
    this.#lastEventId = lastEventIdOf(events, this.#lastEventId);
    this.#lastEventAt = this.#options.health.lastLiveAt;
  }

  #openNew$(handler: StreamHandler): Observable<EventSourceMessage[]> {
    return this.#options.open$(undefined, () => {
      handler.onOpen(false);
      handler.onVerified(false);
    });
  }

  #resume$(from: string, handler: StreamHandler): Observable<EventSourceMessage[]> {
    const probes = (this.#probes ??= { replacements: 0 });
    return resume$(from, handler, probes, this.#options).pipe(
      catchError((error: unknown) => {
        if (statusOf(error) !== 400) throw error;
        // The server has lost its events, so some may not have been sent even while the stream was live.
        this.#options.gap.extend(this.#lastEventAt);
        this.#lastEventId = undefined;
        return this.#openNew$(handler);
      }),
    );
  }
}

/** The history of the probes of one connection. */
export interface ProbeHistory {
  /** The number of consecutive resumed streams that ended when a probe was opened. */
  replacements: number;
}

/**
 * The number of replacements after which the server is considered to replace the stream of a session with each new one.
 */
const maxReplacements = 3;

/**
 * The delay before a resumed stream is probed again, in milliseconds. Doubles after each probe, up to
 * `maxProbeDelayMs`.
 */
const initialProbeDelayMs = 1_000;
const maxProbeDelayMs = 300_000;
/**
 * How long to wait for the end of the resumed stream after a probe was opened: this number of timers, each of
 * `dropDetectionTurnMs` milliseconds. Several timers instead of one, because one could expire while the event loop is
 * blocked.
 */
const dropDetectionTurns = 10;
const dropDetectionTurnMs = 25;
/** The delay before a probe is retried after a network error or a transient status, in milliseconds. */
const retryProbeAfterMs = 1_000;
/** The number of transient statuses, such as 503, after which a probe counts as rejected. */
const maxTransientAnswers = 3;

/**
 * Resumes a stream after an event. A 200 does not prove that the resumed stream is live: some servers replay events on
 * a stream that then stays silent. Therefore, the stream is probed with a second GET, without an event id:
 *
 * - 409: the server already has a stream, which is the resumed one.
 * - 200: both streams are read. If the resumed stream has dropped, it is resumed again instead. If that happens
 *   repeatedly, the probes themselves have ended the streams, so the probe is read instead.
 *
 * With a 409, the stream that the server has may also be the dropped one, so the probe is repeated with growing delays.
 *
 * @param from - the id of the last received event.
 */
export function resume$(
  from: string,
  handler: StreamHandler,
  history: ProbeHistory,
  options: Pick<ResumableStreamOptions, 'open$' | 'scheduler'>,
): Observable<EventSourceMessage[]> {
  const { scheduler } = options;
  const accepted$ = new Subject<void>();
  const replaced$ = new Subject<void>();
  let isProbeOpen = false;
  let isProbeRead = false;
  let probes = 0;
  let transientAnswers = 0;

  const resumed$ = options
    .open$(from, () => {
      handler.onOpen(true);
      accepted$.next();
    })
    .pipe(
      catchError((error: unknown) => {
        if (isProbeOpen && !isProbeRead && ++history.replacements >= maxReplacements) replaced$.next();
        return isProbeRead ? NEVER : throwError(() => error);
      }),
    );

  /** Delays reading the probe until the resumed stream would have errored if it had dropped. */
  const readProbe$ = defer(() => {
    isProbeOpen = true;
    const notDropped$ = interval(dropDetectionTurnMs, scheduler).pipe(
      skip(dropDetectionTurns - 1),
      tap(() => (history.replacements = 0)),
    );
    return race(notDropped$, replaced$).pipe(
      take(1),
      tap(() => {
        isProbeRead = true;
        handler.onVerified(false);
      }),
    );
  });

  const probe$ = options.open$(undefined, noop, readProbe$).pipe(
    retry({
      delay: (error: unknown) => {
        if (isProbeRead || endsSession(error)) throw error;
        // Neither a network error nor a transient status, which may be from a proxy, proves anything, so the probe is
        // retried. If the resumed stream has broken as well, it errors on its own.
        if (!hasStatus(error) || (isTransient(error) && ++transientAnswers < maxTransientAnswers)) {
          return timer(retryProbeAfterMs, scheduler);
        }
        history.replacements = 0;
        if (probes === 0) handler.onVerified(error.status === 409);
        return timer(Math.min(initialProbeDelayMs * 2 ** probes++, maxProbeDelayMs), scheduler);
      },
    }),
  );

  // Both streams have the same subscriber, because they never complete, and the error of one of them ends both.
  return new Observable((subscriber) => {
    accepted$
      .pipe(
        take(1),
        switchMap(() => probe$),
      )
      .subscribe(subscriber);
    resumed$.subscribe(subscriber);
  });
}

function endsSession(error: unknown): boolean {
  return error instanceof SessionExpiredError || error instanceof UnauthorizedError;
}

function isTransient({ status, retryable }: ConnectionFailedError): boolean {
  return retryable && status !== 409;
}
