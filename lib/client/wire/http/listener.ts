import type { EventSourceMessage } from 'eventsource-parser';
import {
  defer,
  type Observable,
  type ObservableInput,
  type Observer,
  retry,
  type Subscriber,
  type Subscription,
} from 'rxjs';
import {
  ConnectionFailedError,
  ConnectionLostError,
  type MCPError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../errors';
import type { StreamState } from '../../connection/connection';
import { FailureReporter } from '../../connection/failureReporter';
import type { RetryPolicy } from '../../connection/retry/retryWith';
import { toRetryable } from '../../connection/retry/streamRejection';
import { endsConnection } from '../../connection/sendErrors';
import { toTypedError } from '../../connection/toTypedError';
import { statusOf } from '../../http/httpError';
import { Continuity } from './continuity';
import type { Endpoint } from './endpoint';
import { type ClosedStream, Reachability, type ReachabilityOptions, type StateTarget } from './reachability';
import { ResumableStream, type ResumableStreamOptions, type StreamHandler } from './resumableStream';
import { StreamSupport, type StreamSupportOptions } from './streamSupport';

/** Dependencies of {@link Listener}. */
export interface ListenOptions extends ResumableStreamOptions, StreamSupportOptions, ReachabilityOptions {
  /** Handles the events of a chunk. */
  onEvents(events: readonly EventSourceMessage[]): void;
  /** Creates the policy for reopening a dropped stream. */
  policy(): RetryPolicy;
  /** How long the connection waits for its first stream, in milliseconds. After that, it is used without the stream. */
  readonly openGraceMs: number;
  /** Whether the client has sent `notifications/initialized`. */
  readonly isInitialized: boolean;
  /** Emits when the client has sent `notifications/initialized`, or immediately if it already has. */
  readonly initialized$: ObservableInput<unknown>;
  /** Whether the stream is opened on demand, so that lists may be fetched before the first stream opens. */
  readonly isOnDemand: boolean;
  readonly endpoint: Pick<Endpoint, 'isAlive' | 'hasSession'>;
  report(error: MCPError): void;
}

/**
 * How long a server may respond with 409, because it has not detected that the previous stream has dropped, in
 * milliseconds. After that, the session is replaced.
 */
const conflictTimeoutMs = 10_000;

/**
 * Keeps the stream for messages outside of calls open. A dropped stream is reopened with the policy, after the last
 * received event. Emits each change of state to its subscriber.
 *
 * Errors if the session has expired, or may have: without a session id, or after a rejected request, the server may be
 * another process that does not have the subscriptions of this session. While the stream is closed, messages may be
 * missed, which is emitted as a gap, unless the server resumes the stream and a probe verifies this.
 *
 * A class instead of closures, which would take 3 kB per session.
 */
export class Listener implements Pick<Observer<EventSourceMessage[]>, 'next' | 'error'>, StateTarget, StreamHandler {
  readonly #options: ListenOptions;
  readonly #subscriber: Subscriber<StreamState>;
  readonly #startedAt: number;
  readonly #failures: FailureReporter;
  readonly #continuity: Continuity;
  readonly #support: StreamSupport;
  readonly #stream: ResumableStream;
  #openTimer: Subscription | undefined;
  #policy: RetryPolicy | undefined;
  #reachability: Reachability | undefined;
  #isEarly = false;
  #isUnavailable = false;
  #canReceive = false;
  #isLate: boolean;
  #hasOpened = false;
  #conflictSince: number | undefined;

  constructor(options: ListenOptions, subscriber: Subscriber<StreamState>) {
    this.#options = options;
    this.#subscriber = subscriber;
    this.#startedAt = options.scheduler.now();
    this.#isLate = options.isOnDemand;
    this.#failures = new FailureReporter(options);
    this.#continuity = new Continuity(options.gap, options.scheduler);
    this.#support = new StreamSupport(options);
    this.#stream = new ResumableStream(options);
  }

  /**
   * Whether the server can send messages on the stream. `false` before the first state, and while the stream is
   * unavailable.
   */
  get canReceive(): boolean {
    return this.#canReceive && !this.#subscriber.closed;
  }

  /** Opens the stream, and keeps it open until the subscriber unsubscribes. */
  listen(): void {
    const { openGraceMs, scheduler } = this.#options;
    this.#openTimer = scheduler.schedule(() => {
      this.#emitLate(new ConnectionFailedError('listening: the stream opened late'));
    }, openGraceMs);
    this.#subscriber.add(this.#openTimer);
    this.#subscriber.add(
      defer(() => this.#open$())
        .pipe(retry({ delay: (cause) => this.#retryAfter(cause) }))
        .subscribe(this),
    );
  }

  /**
   * Handles a POST that failed with a network error or an unexpected status. If the stream is closed as well, another
   * server, or a proxy, may have rejected the POST.
   *
   * @param sentAt - when the POST was sent, in milliseconds since the Unix epoch.
   */
  onRejectedPost(sentAt: number): void {
    // During the handshake, a rejection does not mean that the server was replaced.
    if (this.#options.isInitialized && this.#continuity.onRejectedPost(sentAt)) this.#onReplaced();
  }

  /** Handles the events of a chunk. */
  next(events: EventSourceMessage[]): void {
    this.#stream.onEvents(events);
    this.#continuity.onEvents();
    this.#options.onEvents(events);
  }

  /** Handles the error that ends the session. */
  error(error: unknown): void {
    this.#subscriber.error(error);
  }

  emit(state: StreamState): void {
    this.#openTimer?.unsubscribe();
    this.#openTimer = undefined;
    this.#reachability?.onStateChange();
    this.#canReceive = state.listening || !state.unavailable;
    this.#subscriber.next(state);
  }

  onOpen(isResumed: boolean): void {
    if (!isResumed && this.#continuity.mayBeReplaced) return;
    const { gap } = this.#options;
    this.#isEarly = false;
    this.#hasOpened = true;
    this.#isUnavailable = false;
    this.#conflictSince = undefined;
    this.#continuity.onOpen();
    this.#options.memory.hadStream = true;
    this.#reachability?.onOpen();
    this.emit(this.#isLate && gap.since === undefined ? { listening: true, isLate: true } : { listening: true });
    this.#isLate = false;
  }

  /** Called with the result of each probe. A verified stream is probed again, so the result can change to `false`. */
  onVerified(isComplete: boolean): void {
    if (this.#continuity.onVerified(isComplete)) this.#onReplaced();
  }

  /** Emits that the first stream has not opened in time, so that requests are sent without it. */
  #emitLate(reason: MCPError): void {
    const { gap, isReconnection } = this.#options;
    const since = this.#startedAt;
    if (isReconnection) gap.open(since, reason);
    this.#isLate = true;
    this.emit({ listening: false, since });
  }

  #open$(): Observable<EventSourceMessage[]> {
    this.#isEarly = !this.#options.isInitialized;
    this.#reachability?.onRequest();
    return this.#stream.open$(this);
  }

  #onReplaced(): void {
    this.#subscriber.error(new SessionExpiredError('listening: the server may have been replaced'));
  }

  #nextAttempt(error: Error): ReturnType<RetryPolicy> {
    return (this.#policy ??= this.#options.policy())(error);
  }

  #retryAfter(cause: unknown): ObservableInput<unknown> {
    const { endpoint, initialized$, isInitialized } = this.#options;
    // Some servers reject the stream until they have received `notifications/initialized`.
    const isFinal = cause instanceof UnauthorizedError || statusOf(cause) === 405;
    if (this.#isEarly && !isFinal) return initialized$;
    const error = toTypedError(cause, 'listening');
    if (endsConnection(error)) throw error;
    if (this.#hasOpened && !isInitialized && !endpoint.hasSession) return this.#onHandshakeDrop(error);
    return this.#hasOpened ? this.#onDrop(error) : this.#onFirstFailed(error);
  }

  /**
   * Handles a stream that drops during the handshake, without a session id. The server has no state yet that could be
   * lost.
   */
  #onHandshakeDrop(error: MCPError): ObservableInput<unknown> {
    const { gap, initialized$, isReconnection } = this.#options;
    const since = this.#startedAt;
    this.#hasOpened = false;
    this.#isLate = true;
    this.#continuity.onEarlyEnd();
    if (isReconnection) gap.open(since, error);
    if (this.#support.hasShortStreams(this.#continuity.uptimeMs)) return this.#onUnavailable(error);
    this.emit({ listening: false, since });
    return initialized$;
  }

  /** Handles the failure of the first stream of a connection. */
  #onFirstFailed(error: MCPError): ObservableInput<unknown> {
    const temporary = this.#support.asTemporary(error);
    if (this.#support.isUnsupported(error) && !temporary) return this.#onUnavailable(error);
    const { notifier$ } = this.#nextAttempt(temporary ?? error);
    this.#failures.report(error);
    this.#emitLate(error);
    return notifier$;
  }

  #onUnavailable(error: MCPError): ObservableInput<unknown> {
    const isMethodNotAllowed = statusOf(error) === 405;
    // A 405 is not reported, because it is how a server without a stream is specified to respond.
    if (!isMethodNotAllowed) this.#failures.report(error);
    const since = this.#hasOpened ? this.#options.health.lastLiveAt : this.#startedAt;
    if (!this.#isUnavailable) this.emit({ listening: false, since, unavailable: true });
    this.#isUnavailable = true;
    this.#isLate ||= !this.#hasOpened;
    return this.#support.requestAgain$(isMethodNotAllowed);
  }

  #onDrop(error: MCPError): ObservableInput<unknown> {
    const { endpoint, gap, health, scheduler } = this.#options;
    this.#continuity.onDrop(health.lastLiveAt, error);
    if (!endpoint.hasSession) {
      if (this.#support.hasShortStreams(this.#continuity.uptimeMs)) return this.#onUnavailable(error);
      // Without a session id, the server may be another process when the stream is reopened.
      const message = 'listening: the stream ended (the server assigned no session id)';
      throw new SessionExpiredError(message, { cause: error });
    }
    const isConflict = statusOf(error) === 409;
    const now = scheduler.now();
    this.#conflictSince = isConflict ? (this.#conflictSince ?? now) : undefined;
    if (this.#conflictSince !== undefined && now - this.#conflictSince > conflictTimeoutMs) {
      const message = 'listening: the server still holds a dropped stream (HTTP 409)';
      throw new ConnectionLostError(message, { cause: error });
    }
    if (error instanceof UnauthorizedError) throw error;
    const isFailure = error instanceof ConnectionFailedError;
    if (isFailure && !isConflict) this.#continuity.onRejectedGet();
    const { attempt, delay, notifier$ } = this.#nextAttempt(toRetryable(error));
    this.#failures.onAttempt(error, attempt);
    const retrying = attempt > 0 ? { attempt, delay, error } : undefined;
    const closedState: ClosedStream = { listening: false, since: gap.since ?? health.lastLiveAt, retry: retrying };
    this.emit(this.#reachability?.isReachable ? { ...closedState, reachable: true } : closedState);
    if (retrying && isFailure && error.status === undefined) this.#checkReachability(closedState);
    return notifier$;
  }

  #checkReachability(closedState: ClosedStream): void {
    if (!this.#reachability) this.#subscriber.add((this.#reachability = new Reachability(this.#options, this)));
    this.#reachability.onNetworkError(closedState);
  }
}
