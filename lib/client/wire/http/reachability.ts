import { type SchedulerLike, Subscription, type Unsubscribable } from 'rxjs';
import { SessionExpiredError } from '../../../errors';
import { fromAbortable } from '../../../util/abort';
import type { StreamState } from '../../connection/connection';
import type { Endpoint } from './endpoint';

/** The {@link StreamState} of a stream that is not open. */
export type ClosedStream = Extract<StreamState, { listening: false }>;

/** Dependencies of {@link Reachability}. */
export interface ReachabilityOptions {
  readonly endpoint: Pick<Endpoint, 'isAlive'>;
  readonly scheduler: SchedulerLike;
}

/** Receives the findings of {@link Reachability}. */
export interface StateTarget {
  /** Emits the state of a stream that opens late, although the server has answered a ping. */
  emit(state: StreamState): void;
  /** Called with the error of a ping if the session has expired. */
  error(error: SessionExpiredError): void;
}

/**
 * How long to wait for a stream after an answered ping, in milliseconds. After that, requests are sent without the
 * stream.
 */
const openAfterPingMs = 1_000;

/**
 * Checks whether a server answers requests although its stream fails with network errors. The server is reachable if it
 * answers a ping after one failure, and the stream then fails again or opens late. A server that was restarted would
 * open the stream.
 */
export class Reachability implements Unsubscribable {
  readonly #options: ReachabilityOptions;
  readonly #target: StateTarget;
  #pinging = Subscription.EMPTY;
  #openTimer = Subscription.EMPTY;
  #isPingAnswered = false;
  #isReachable = false;
  #closedStream: ClosedStream | undefined;

  constructor(options: ReachabilityOptions, target: StateTarget) {
    this.#options = options;
    this.#target = target;
  }

  /** Whether the server has answered a ping since the previous request for a stream. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** Handles a network error of the stream. Sends a ping. */
  onNetworkError(closedState: ClosedStream): void {
    this.#closedStream = { ...closedState, reachable: true };
    this.#pinging.unsubscribe();
    this.#pinging = fromAbortable((signal) => this.#options.endpoint.isAlive(signal)).subscribe({
      next: (isAnswered) => (this.#isPingAnswered = isAnswered),
      error: (error: unknown) => {
        if (error instanceof SessionExpiredError) this.#target.error(error);
      },
    });
  }

  /** Called when the stream is requested again. */
  onRequest(): void {
    this.#isReachable = this.#isPingAnswered;
    this.#isPingAnswered = false;
    const closedState = this.#closedStream;
    if (!this.#isReachable || !closedState) return;
    this.#openTimer = this.#options.scheduler.schedule(() => {
      this.#target.emit(closedState);
    }, openAfterPingMs);
  }

  /** Called when the stream has opened. */
  onOpen(): void {
    this.#pinging.unsubscribe();
    this.#isPingAnswered = false;
  }

  /** Called after each change of state. Stops waiting for the stream to open. */
  onStateChange(): void {
    this.#openTimer.unsubscribe();
  }

  /** Stops the ping and the timer. */
  unsubscribe(): void {
    this.#pinging.unsubscribe();
    this.#openTimer.unsubscribe();
  }
}
