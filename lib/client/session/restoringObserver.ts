import { type Observer, race, type SchedulerLike, type Subscriber, timer } from 'rxjs';
import type { Connection } from '../connection/connection';
import type { SessionEvent } from './sessionState';

export interface RestoreContext {
  /**
   * Restores the log level and the resource subscriptions on a new connection. Returns `undefined` if there is nothing
   * to restore.
   */
  restore(connection: Connection): Promise<void> | undefined;
  scheduler: SchedulerLike;
}

/**
 * Timeout for restoring the state of a new connection, in milliseconds. When it expires, the connection is used anyway.
 */
const restoreTimeoutMs = 10_000;

/**
 * Restores the session's state on a connection, then emits the states of its stream. A class instead of closures, to
 * save memory: there is one for each open connection.
 */
export class RestoringObserver implements Observer<Connection> {
  readonly #context: RestoreContext;
  readonly #subscriber: Subscriber<SessionEvent>;

  constructor(context: RestoreContext, subscriber: Subscriber<SessionEvent>) {
    this.#context = context;
    this.#subscriber = subscriber;
  }

  next(connection: Connection): void {
    const { scheduler } = this.#context;
    const restored = this.#context.restore(connection);
    if (!restored) {
      this.#emitStates(connection);
      return;
    }
    const restoring = race(restored, timer(restoreTimeoutMs, scheduler)).subscribe(() => {
      this.#emitStates(connection);
    });
    this.#subscriber.add(restoring);
  }

  error(error: unknown): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#subscriber.complete();
  }

  #emitStates(connection: Connection): void {
    const states = connection.stream$.subscribe((stream) => {
      this.#subscriber.next({ kind: 'streamState', connection, stream });
    });
    this.#subscriber.add(states);
  }
}
