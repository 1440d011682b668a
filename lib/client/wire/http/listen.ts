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
import type { StreamState } from '../../connection/connection';
import type { GapTracker } from '../../connection/gapTracker';
import type { RetryPolicy } from '../../connection/retry/retryWith';
import { toPassing } from '../../connection/retry/toPassing';
import { toTypedError } from '../../connection/toTypedError';
import { lastEventIdOf } from '../../http/sse/lastEventId';
import type { StreamHealth } from '../../http/sse/watchdog';
import type { GetStream } from './getStream';
import { resume$ } from './resume';

/** What is known of a server from one connection to the next. */
export interface ServerMemory {
  /** How many streams without a session ended soon after they opened, in a row. */
  shortStreams: number;
}

/** Options for {@link listen$}. */
export interface ListenOptions {
  open$: GetStream;
  /** Takes the events of a chunk. */
  take(events: readonly EventSourceMessage[]): void;
  /** When to open a stream again that dropped. */
  policy(): RetryPolicy;
  /** Milliseconds after which a connection goes without a stream that has not opened. */
  openGraceMs: number;
  /** Emits once the server was notified that the client is initialized, to late subscribers too. */
  initialized$: Observable<unknown>;
  hasSession(): boolean;
  /** Emits when a POST is refused by its status alone, with the time at which it was sent. */
  refusals$: Observable<number>;
  /** Whether the session had a connection before: only then can anything be missed before the first stream opens. */
  isReconnection: boolean;
  memory: ServerMemory;
  gap: GapTracker;
  health: StreamHealth;
  report(error: MCPError): void;
  scheduler: SchedulerLike;
}

/** Milliseconds after which events on a resumed stream are not a replay any more, and so prove that it is live. */
const replayTimeoutMs = 10_000;
/** Milliseconds for which a server may hold on to a stream that is gone, before a new session is less trouble. */
const conflictTimeoutMs = 10_000;
/** Server errors in a row after which a server that never opened a stream counts as one that has none. */
const maxFirstFailures = 3;
/** Milliseconds until a server that has no stream is asked again. */
const noStreamRetryMs = 300_000;
/** Milliseconds a stream without a session must live, or it counts as one that the server does not really have. */
const minStreamLifeMs = 5_000;

/**
 * Keeps the stream for unasked-for messages open for as long as the session lives: a stream that drops is opened again,
 * after the last event, by the policy. Emits each change of state. Errors when the session is gone, or its continuity
 * cannot be proven: without a session id, or after a refusal, the server may be another process that knows nothing of the
 * subscriptions of this one. What may have been missed is a gap, unless the server resumed the stream and proved it.
 */
export function listen$(options: ListenOptions): Observable<StreamState> {
  const { open$, policy, initialized$, hasSession, refusals$, isReconnection, memory, gap, health, report, scheduler } =
    options;
  return new Observable((subscriber) => {
    const startedAt = scheduler.now();
    const opensLate = new Subscription();
    let next: RetryPolicy | undefined;
    let isInitialized = false;
    let isEarly = false;
    let isProven = false;
    let isDoubtful = false;
    let isReported = false;
    let isUnavailable = false;
    let everOpened = false;
    let firstFailures = 0;
    let isOpen = false;
    let everDropped = false;
    let openedAt = 0;
    let refusedAt = -Infinity;
    let conflictSince: number | undefined;
    let lastEventId: string | undefined;

    function emit(state: StreamState): void {
      opensLate.unsubscribe();
      subscriber.next(state);
    }

    function onOpen(): void {
      isEarly = false;
      everOpened = true;
      isOpen = true;
      isUnavailable = false;
      openedAt = scheduler.now();
      conflictSince = undefined;
      emit({ listening: true });
    }

    /** A verified stream stays in doubt: the stream that the server has may be dead, and this one silent. */
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
      return resume$({ from, open$, onOpen, onVerified, scheduler }).pipe(
        catchError((error: unknown) => {
          if (!isUnknownEvent(error)) throw error;
          lastEventId = undefined;
          return fresh$;
        }),
      );
    }

    function decide(error: Error): ReturnType<RetryPolicy> {
      return (next ??= policy())(everOpened ? toPassing(error) : error);
    }

    function reportOnce(error: MCPError): void {
      if (!isReported) report(error);
      isReported = true;
    }

    function retryAfter(cause: unknown): ObservableInput<unknown> {
      // What is refused to a client that is not initialized may be granted to one that is.
      if (isEarly && !isFinal(cause)) return initialized$;
      const error = toTypedError(cause, 'listening');
      if (error instanceof SessionExpiredError || (error instanceof UnauthorizedError && error.status === undefined)) {
        throw error;
      }
      return everOpened ? afterDrop(error) : beforeFirst(error);
    }

    /** The server never had a stream on this connection. */
    function beforeFirst(error: MCPError): ObservableInput<unknown> {
      if (isNoStream(error) || (isServerError(error) && ++firstFailures >= maxFirstFailures)) return unavailable(error);
      const { notifier$ } = decide(error);
      reportOnce(error);
      if (isReconnection) gap.open(startedAt, error);
      emit({ listening: false, since: startedAt });
      return notifier$;
    }

    function unavailable(error: MCPError): ObservableInput<unknown> {
      const isAbsent = error instanceof ConnectionFailedError && error.status === 405;
      // 405 is how a server says that it has no stream, and not a fault.
      if (!isAbsent) reportOnce(error);
      if (!isUnavailable)
        emit({ listening: false, since: everOpened ? health.lastHeardAt : startedAt, unavailable: true });
      isUnavailable = true;
      return isAbsent ? NEVER : timer(noStreamRetryMs, scheduler);
    }

    /** A refusal while the stream was down: what refused may have been another server, or a proxy without one. */
    function onRefusal(sentAt: number): void {
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
        throw new ConnectionLostError('the server holds on to a stream that is gone', { cause: error });
      }
      if (error instanceof UnauthorizedError) throw error;
      if (error instanceof ConnectionFailedError && !isConflict) isDoubtful = true;
      const { attempt, delay, notifier$ } = decide(error);
      // The first attempt after a drop is made at once, and so is not yet a failure.
      if (attempt <= 1) isReported = false;
      if (attempt > 0) reportOnce(error);
      const retrying = attempt > 0 ? { attempt, delay, error } : undefined;
      emit({ listening: false, since: gap.since ?? health.lastHeardAt, retry: retrying });
      return notifier$;
    }

    /** Nothing proves that the server is still the same one. */
    function withoutSession(error: MCPError): ObservableInput<unknown> {
      const isShort = scheduler.now() - openedAt < minStreamLifeMs;
      memory.shortStreams = isShort ? memory.shortStreams + 1 : 0;
      if (memory.shortStreams >= maxFirstFailures) return unavailable(error);
      throw new SessionExpiredError('listening: the stream ended, and the server gave no session id', { cause: error });
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
        return lastEventId === undefined ? fresh$ : resumed$(lastEventId);
      })
        .pipe(retry({ delay: retryAfter }))
        .subscribe({
          next: (events) => {
            lastEventId = lastEventIdOf(events, lastEventId);
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
        subscriber.next({ listening: false, since: startedAt });
      }, options.openGraceMs),
    );
    subscriber.add(opensLate);
  });
}

function replacedError(): SessionExpiredError {
  return new SessionExpiredError('listening: the server may have been replaced');
}

/** Whether a server rejects the client, and not the moment. */
function isFinal(error: unknown): boolean {
  return error instanceof UnauthorizedError || (error instanceof ConnectionFailedError && error.status === 405);
}

/** How servers reject an event id. */
function isUnknownEvent(error: unknown): boolean {
  return error instanceof ConnectionFailedError && error.status === 400;
}

/** The server is there and knows the session, but answers a GET with something else than a stream. */
function isNoStream(error: Error): boolean {
  if (error instanceof UnauthorizedError) return true;
  return (
    error instanceof ConnectionFailedError && error.status !== undefined && (error.status < 300 || !error.retryable)
  );
}

function isServerError(error: Error): boolean {
  return error instanceof ConnectionFailedError && error.status !== undefined && error.status >= 500;
}
