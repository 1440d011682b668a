import type { EventSourceMessage } from 'eventsource-parser';
import {
  catchError,
  defer,
  NEVER,
  Observable,
  type ObservableInput,
  retry,
  type SchedulerLike,
  Subscription,
  timer,
} from 'rxjs';
import {
  ConnectionFailedError,
  ConnectionLostError,
  type MCPError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../errors';
import { fromAbortable } from '../../../util/fromAbortable';
import type { StreamState } from '../../connection/connection';
import { createFailureReporter } from '../../connection/failureReporter';
import type { GapTracker } from '../../connection/gapTracker';
import type { RetryPolicy } from '../../connection/retry/retryWith';
import { toRetryable } from '../../connection/retry/toRetryable';
import { toTypedError } from '../../connection/toTypedError';
import { lastEventIdOf } from '../../http/sse/lastEventId';
import type { StreamHealth } from '../../http/sse/watchdog';
import type { GetStream } from './getStream';
import { isFinal, isNetworkError, isNoStream, isServerError, isUnknownEvent, replacedError } from './listenErrors';
import { type ProbeHistory, resume$ } from './resume';

/** State about a server that is kept between connections. */
export interface ServerMemory {
  /** The number of consecutive streams without a session that ended soon after they opened. */
  shortStreams: number;
  /** The transport of the last session that was initialized. */
  worked?: 'streamable' | 'sse';
}

/** Options for {@link listen$}. */
export interface ListenOptions {
  open$: GetStream;
  /** Receives the events of a chunk. */
  take(events: readonly EventSourceMessage[]): void;
  /** Creates the policy for reopening a dropped stream. */
  policy(): RetryPolicy;
  /** Milliseconds after which the connection is used without the stream if the stream has not opened. */
  openGraceMs: number;
  /** Emits once the client has sent `notifications/initialized`. Replays this emission to late subscribers. */
  initialized$: Observable<unknown>;
  hasSession(): boolean;
  /** Sends a ping. See `Endpoint`. */
  isAlive(signal: AbortSignal): Promise<boolean>;
  /** Emits the time at which a POST was sent if it fails with a network error, or with an unexplained status. */
  refusals$: Observable<number>;
  /** Whether the session was connected before. Only then can notifications be missed before the first stream opens. */
  isReconnection: boolean;
  /** Whether the stream is opened on demand. Lists may then always be fetched before the first stream opens. */
  isOnDemand: boolean;
  memory: ServerMemory;
  gap: GapTracker;
  health: StreamHealth;
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/**
 * Events that arrive on a resumed stream after this time are not part of a replay, and prove that the stream is live. In
 * milliseconds.
 */
const replayTimeoutMs = 10_000;
/**
 * How long a server may respond with 409 because it still holds a dropped stream. After this time, the session is replaced. In
 * milliseconds.
 */
const conflictTimeoutMs = 10_000;
/** The number of consecutive server errors after which a server that never opened a stream is considered to have none. */
const maxFirstFailures = 3;
/** The delay before a stream is requested again from a server that has none, in milliseconds. */
const noStreamRetryMs = 300_000;
/** How long a stream may take to open after an answered ping, before requests are sent without it. In milliseconds. */
const openAfterPingMs = 1_000;
/** A stream without a session that ends sooner counts as a stream that the server does not really support. In milliseconds. */
const minStreamLifeMs = 5_000;

/**
 * Keeps the stream for messages outside of calls open while the session lives. The policy decides when a dropped stream is
 * reopened, after the last received event. Emits each change of state.
 *
 * Errors if the session is gone, or if its continuity cannot be proven: without a session id, or after a rejected request, the
 * server may be a different process without the subscriptions of this session. A period in which messages may have been missed is
 * a gap, unless the server has resumed the stream and a probe has verified it.
 */
export function listen$(options: ListenOptions): Observable<StreamState> {
  const { open$, policy, initialized$, hasSession, refusals$, isReconnection, memory, gap, health, report, scheduler } =
    options;
  return new Observable((subscriber) => {
    const startedAt = scheduler.now();
    const opensLate = new Subscription();
    const probes: ProbeHistory = { takeovers: 0 };
    let next: RetryPolicy | undefined;
    let isInitialized = false;
    let isEarly = false;
    let isProven = false;
    let isDoubtful = false;
    const failures = createFailureReporter(report);
    let isUnavailable = false;
    let isLate = options.isOnDemand;
    let everOpened = false;
    let firstFailures = 0;
    let isOpen = false;
    let everDropped = false;
    let openedAt = 0;
    let refusedAt = -Infinity;
    let conflictSince: number | undefined;
    let lastEventId: string | undefined;
    let lastEventAt = startedAt;
    /** The state of a stream that failed with a network error, if the server answers requests. */
    let down: StreamState | undefined;
    let pinging = Subscription.EMPTY;
    let isPingAnswered = false;
    let isReachable = false;
    let opensSoon = Subscription.EMPTY;

    function emit(state: StreamState): void {
      opensLate.unsubscribe();
      opensSoon.unsubscribe();
      subscriber.next(state);
    }

    function onOpen(): void {
      isEarly = false;
      everOpened = true;
      isOpen = true;
      isUnavailable = false;
      openedAt = scheduler.now();
      conflictSince = undefined;
      pinging.unsubscribe();
      isPingAnswered = false;
      emit(isLate && gap.since === undefined ? { listening: true, isLate } : { listening: true });
      isLate = false;
    }

    /** A verified stream is still probed: the stream that the server holds may be dead, and this one silent. */
    function onVerified(isWhole: boolean): void {
      isProven = isWhole;
      if (isWhole) isDoubtful = false;
      else if (isDoubtful) subscriber.error(replacedError());
      else gap.close();
    }

    const fresh$ = open$(undefined, () => {
      if (!isDoubtful) onOpen();
      onVerified(false);
    });

    function resumed$(from: string): Observable<EventSourceMessage[]> {
      return resume$({ from, open$, onOpen, onVerified, probes, scheduler }).pipe(
        catchError((error: unknown) => {
          if (!isUnknownEvent(error)) throw error;
          // The server has lost its events, so it may not have sent all of them while it kept the stream alive.
          gap.extend(lastEventAt);
          lastEventId = undefined;
          return fresh$;
        }),
      );
    }

    function decide(error: Error): ReturnType<RetryPolicy> {
      return (next ??= policy())(everOpened ? toRetryable(error) : error);
    }

    function retryAfter(cause: unknown): ObservableInput<unknown> {
      // A server may reject the stream until the client is initialized.
      if (isEarly && !isFinal(cause)) return initialized$;
      const error = toTypedError(cause, 'listening');
      if (error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined)) {
        throw error;
      }
      if (everOpened && !isInitialized && !hasSession()) return duringHandshake(error);
      return everOpened ? afterDrop(error) : beforeFirst(error);
    }

    /** Handles a drop during the handshake, without a session id. The server has no state yet that could be lost. */
    function duringHandshake(error: MCPError): ObservableInput<unknown> {
      everOpened = false;
      isOpen = false;
      isLate = true;
      if (isReconnection) gap.open(startedAt, error);
      if (isShortLived()) return unavailable(error);
      emit({ listening: false, since: startedAt });
      return initialized$;
    }

    /** Handles a failure of a connection that never had a stream. */
    function beforeFirst(error: MCPError): ObservableInput<unknown> {
      if (isNoStream(error) || (isServerError(error) && ++firstFailures >= maxFirstFailures)) return unavailable(error);
      const { notifier$ } = decide(error);
      failures.report(error);
      if (isReconnection) gap.open(startedAt, error);
      isLate = true;
      emit({ listening: false, since: startedAt });
      return notifier$;
    }

    function unavailable(error: MCPError): ObservableInput<unknown> {
      const isAbsent = error instanceof ConnectionFailedError && error.status === 405;
      // A 405 means that the server has no such stream, and is not a fault.
      if (!isAbsent) failures.report(error);
      if (!isUnavailable)
        emit({ listening: false, since: everOpened ? health.lastHeardAt : startedAt, unavailable: true });
      isUnavailable = true;
      isLate ||= !everOpened;
      return isAbsent ? NEVER : timer(noStreamRetryMs, scheduler);
    }

    /**
     * Handles a failed POST. If the stream is down, the server may have ended, and a different one, or a proxy without one, may
     * have rejected the POST.
     */
    function onRefusal(sentAt: number): void {
      // A server that rejects the end of the handshake has not been replaced.
      if (!isInitialized) return;
      refusedAt = scheduler.now();
      if (!isOpen) isDoubtful = true;
      else if (everDropped && sentAt <= openedAt && !isProven) subscriber.error(replacedError());
    }

    function afterDrop(error: MCPError): ObservableInput<unknown> {
      isProven = false;
      isOpen = false;
      everDropped = true;
      if (refusedAt >= health.lastHeardAt) isDoubtful = true;
      gap.open(health.lastHeardAt, error);
      if (!hasSession()) return withoutSession(error);
      const isConflict = error instanceof ConnectionFailedError && error.status === 409;
      conflictSince = isConflict ? (conflictSince ?? scheduler.now()) : undefined;
      if (conflictSince !== undefined && scheduler.now() - conflictSince > conflictTimeoutMs) {
        throw new ConnectionLostError('listening: the server still holds a dropped stream (HTTP 409)', {
          cause: error,
        });
      }
      if (error instanceof UnauthorizedError) throw error;
      if (error instanceof ConnectionFailedError && !isConflict) isDoubtful = true;
      const { attempt, delay, notifier$ } = decide(error);
      failures.onAttempt(error, attempt);
      const retrying = attempt > 0 ? { attempt, delay, error } : undefined;
      const since = gap.since ?? health.lastHeardAt;
      emit({ listening: false, since, retry: retrying, ...(isReachable && { reachable: true }) });
      if (retrying && isNetworkError(error)) {
        ping();
        down = { listening: false, since, retry: retrying, reachable: true };
      }
      return notifier$;
    }

    /** Checks whether the server answers requests although the stream fails. */
    function ping(): void {
      pinging.unsubscribe();
      pinging = fromAbortable(options.isAlive).subscribe({
        next: (isAnswered) => (isPingAnswered = isAnswered),
        error: (error: unknown) => {
          if (error instanceof SessionExpiredError) subscriber.error(error);
        },
      });
      subscriber.add(pinging);
    }

    /**
     * Handles the next request for a stream. If it also fails, or opens late, although the server has answered a ping before it, only
     * the stream is unavailable. A server that was replaced would open it.
     */
    function onRequest(): void {
      isReachable = isPingAnswered;
      isPingAnswered = false;
      const state = down;
      if (!isReachable || !state) return;
      opensSoon = scheduler.schedule(() => {
        emit(state);
      }, openAfterPingMs);
      subscriber.add(opensSoon);
    }

    /** Handles a drop without a session id: nothing proves that the server is still the same process. */
    function withoutSession(error: MCPError): ObservableInput<unknown> {
      if (isShortLived()) return unavailable(error);
      throw new SessionExpiredError('listening: the stream ended (the server assigned no session id)', {
        cause: error,
      });
    }

    /** Counts the stream that ended, and returns whether the server's streams repeatedly end soon after they opened. */
    function isShortLived(): boolean {
      const isShort = scheduler.now() - openedAt < minStreamLifeMs;
      memory.shortStreams = isShort ? memory.shortStreams + 1 : 0;
      return memory.shortStreams >= maxFirstFailures;
    }

    subscriber.add(
      initialized$.subscribe(() => {
        isInitialized = true;
      }),
    );
    subscriber.add(refusals$.subscribe(onRefusal));
    subscriber.add(
      defer(() => {
        isEarly = !isInitialized;
        onRequest();
        return lastEventId === undefined ? fresh$ : resumed$(lastEventId);
      })
        .pipe(retry({ delay: retryAfter }))
        .subscribe({
          next: (events) => {
            lastEventId = lastEventIdOf(events, lastEventId);
            lastEventAt = health.lastHeardAt;
            if (isProven && scheduler.now() - openedAt >= replayTimeoutMs) gap.advance();
            options.take(events);
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
        }),
    );
    opensLate.add(
      scheduler.schedule(() => {
        if (isReconnection) gap.open(startedAt, new ConnectionFailedError('listening: the stream opened late'));
        isLate = true;
        subscriber.next({ listening: false, since: startedAt });
      }, options.openGraceMs),
    );
    subscriber.add(opensLate);
  });
}
