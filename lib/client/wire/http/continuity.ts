import type { SchedulerLike } from 'rxjs';
import type { MCPError } from '../../../errors';
import type { GapTracker } from '../../connection/gapTracker';

/**
 * The time after which events on a resumed stream cannot be part of the replay, so that they prove that the stream is
 * live. In milliseconds.
 */
const replayTimeoutMs = 10_000;

/**
 * Determines whether a reopened stream continues the previous one: whether messages were missed, and whether the server
 * may have been replaced. After a rejected request, the server may be another process, without the subscriptions of
 * this session, until a resumed stream has been verified.
 */
export class Continuity {
  readonly #gap: GapTracker;
  readonly #scheduler: SchedulerLike;
  #isOpen = false;
  #isVerified = false;
  #mayBeReplaced = false;
  #hasDropped = false;
  #openedAt = 0;
  #rejectedAt = -Infinity;

  /** @param gap - opened when a stream drops, and closed when another stream has replaced it. */
  constructor(gap: GapTracker, scheduler: SchedulerLike) {
    this.#gap = gap;
    this.#scheduler = scheduler;
  }

  /** Whether the server may have been replaced since the stream dropped. */
  get mayBeReplaced(): boolean {
    return this.#mayBeReplaced;
  }

  /** The time since the last stream was opened, in milliseconds. */
  get uptimeMs(): number {
    return this.#scheduler.now() - this.#openedAt;
  }

  onOpen(): void {
    this.#isOpen = true;
    this.#openedAt = this.#scheduler.now();
  }

  /** Handles events of the open stream. */
  onEvents(): void {
    if (this.#isVerified && this.uptimeMs >= replayTimeoutMs) this.#gap.advance();
  }

  /** Handles the end of a stream during the handshake, when there is nothing to continue yet. */
  onEarlyEnd(): void {
    this.#isOpen = false;
  }

  /** @param lastLiveAt - when the server was last known to be live, in milliseconds since the Unix epoch. */
  onDrop(lastLiveAt: number, error: MCPError): void {
    this.#isOpen = false;
    this.#isVerified = false;
    this.#hasDropped = true;
    if (this.#rejectedAt >= lastLiveAt) this.#mayBeReplaced = true;
    this.#gap.open(lastLiveAt, error);
  }

  /** Handles a rejected request for a stream. */
  onRejectedGet(): void {
    this.#mayBeReplaced = true;
  }

  /**
   * Handles a POST that was rejected or has failed. Returns whether the server of the open stream may have been
   * replaced.
   *
   * @param sentAt - when the POST was sent, in milliseconds since the Unix epoch.
   */
  onRejectedPost(sentAt: number): boolean {
    this.#rejectedAt = this.#scheduler.now();
    if (!this.#isOpen) this.#mayBeReplaced = true;
    return this.#isOpen && this.#hasDropped && sentAt <= this.#openedAt && !this.#isVerified;
  }

  /**
   * Handles the result of a probe. Returns whether the server may have been replaced.
   *
   * @param isComplete - whether no message was missed.
   */
  onVerified(isComplete: boolean): boolean {
    this.#isVerified = isComplete;
    if (isComplete) this.#mayBeReplaced = false;
    else if (!this.#mayBeReplaced) this.#gap.close();
    return this.#mayBeReplaced;
  }
}
