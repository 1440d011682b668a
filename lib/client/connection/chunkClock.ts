import type { SchedulerLike } from 'rxjs';

/**
 * The time of the last received message. Reads the clock once for all messages of a chunk, because reading it for each message
 * would double the cost of a message.
 */
export class ChunkClock {
  readonly #scheduler: SchedulerLike;
  #at: number;
  #isCurrent = false;

  /** Starts at the current time. */
  constructor(scheduler: SchedulerLike) {
    this.#scheduler = scheduler;
    this.#at = scheduler.now();
  }

  /** When the last message was received, in milliseconds since the epoch. */
  get at(): number {
    return this.#at;
  }

  /** Records that a message was received. */
  tick(): void {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    this.#at = this.#scheduler.now();
    queueMicrotask(() => {
      this.#isCurrent = false;
    });
  }
}
