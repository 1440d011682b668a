import { type SchedulerLike, Subscription, type Unsubscribable } from 'rxjs';
import { SessionExpiredError } from '../../../errors';
import { fromAbortable } from '../../../util/abort';
import type { StreamState } from '../../connection/connection';
import type { Endpoint } from './endpoint';

/** The state of a stream that is not open. */
export type ClosedStream = Extract<StreamState, { listening: false }>;

/** Dependencies of {@link Reachability}. */
export interface ReachabilityOptions {
  readonly endpoint: Pick<Endpoint, 'isAlive'>;
  readonly scheduler: SchedulerLike;
}

/** Receives the findings of {@link Reachability}. */
export interface StateTarget {
  /** Receives the state of a stream that opens late although the server has answered a ping. */
  emit(state: StreamState): void;
  /** Receives the error of a ping if the server does not know the session. */
  error(error: SessionExpiredError): void;
}

/** How long a stream may take to open after an answered ping, before requests are sent without it. In milliseconds. */
const openAfterPingMs = 1_000;

/**
 * Checks whether the server answers requests although the stream fails with network errors. A server is reachable if it answers a
 * ping after one failure, and the stream then fails again or opens late: a server that was replaced would open it.
 */
export class Reachability implements Unsubscribable {
  readonly #options: ReachabilityOptions;
  readonly #target: StateTarget;
  #pinging = Subscription.EMPTY;
  #opensSoon = Subscription.EMPTY;
  #isPingAnswered = false;
  #isReachable = false;
  #closedStream: ClosedStream | undefined;

  /** Does not send a ping. */
  constructor(options: ReachabilityOptions, target: StateTarget) {
    this.#options = options;
    this.#target = target;
  }

  /** Whether the server answered a ping before the current request for a stream. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** Handles a network error of the stream. Sends a ping. */
  onNetworkError(down: ClosedStream): void {
    this.#closedStream = { ...down, reachable: true };
    this.#pinging.unsubscribe();
    this.#pinging = fromAbortable((signal) => this.#options.endpoint.isAlive(signal)).subscribe({
      next: (isAnswered) => (this.#isPingAnswered = isAnswered),
      error: (error: unknown) => {
        if (error instanceof SessionExpiredError) this.#target.error(error);
      },
    });
  }

  /** Handles the next request for a stream. */
  onRequest(): void {
    this.#isReachable = this.#isPingAnswered;
    this.#isPingAnswered = false;
    const down = this.#closedStream;
    if (!this.#isReachable || !down) return;
    this.#opensSoon = this.#options.scheduler.schedule(() => {
      this.#target.emit(down);
    }, openAfterPingMs);
  }

  /** Handles the opening of a stream. */
  onOpen(): void {
    this.#pinging.unsubscribe();
    this.#isPingAnswered = false;
  }

  /** Handles any change of state: the stream no longer opens late. */
  onStateChange(): void {
    this.#opensSoon.unsubscribe();
  }

  /** Stops the ping and the timer. */
  unsubscribe(): void {
    this.#pinging.unsubscribe();
    this.#opensSoon.unsubscribe();
  }
}
