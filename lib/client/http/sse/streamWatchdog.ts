import type { SchedulerLike, Subscription } from 'rxjs';
import type { Watchdog } from '../../connection/connector';
import { maxTimerDelay } from '../../../util/maxDelay';

/**
 * The observed health of a server's streams. Kept across reconnections, because the next stream is from the same
 * server.
 */
export interface StreamHealth {
  /** When the last bytes arrived, in milliseconds since the Unix epoch. */
  lastLiveAt: number;
  /** The most recent intervals between consecutive keep-alives, in milliseconds. */
  keepAliveIntervals?: number[];
  /**
   * The number of streams that were considered dead. Each one doubles the learned limit, up to {@link maxTimeouts} times.
   */
  timeouts?: number;
}

/**
 * The maximum interval to learn from, in milliseconds. Longer ones are ignored, because the machine may have been
 * asleep.
 */
const maxKeepAliveIntervalMs = 120_000;
/**
 * The minimum interval to learn from, in milliseconds. Shorter ones are ignored, because a proxy may have buffered
 * keep-alives.
 */
const minKeepAliveIntervalMs = 1_000;
/** Grace period for reading data that has already arrived, in milliseconds. Needed if this process was busy. */
const readGraceMs = 50;

/**
 * Detects a stream that has been silent for longer than a limit. Needed because a stream stays open if its peer
 * disappears without closing it.
 *
 * With `'auto'`, the limit is learned from keep-alives: chunks that begin with a comment. The longest of the recent
 * intervals between consecutive keep-alives determines the limit.
 */
export class StreamWatchdog {
  readonly #limit: Watchdog;
  readonly #health: StreamHealth;
  readonly #scheduler: SchedulerLike;
  readonly #onSilent: (error: Error) => void;
  #timer: Subscription | undefined;
  #keepAliveAt: number | undefined;
  #silentSince: number | undefined;
  /** When this stream last received bytes. Not in the health, which several streams of a server may share. */
  #lastLiveAt: number;

  /** @param onSilent - called once, when the stream is considered dead. */
  constructor(limit: Watchdog, health: StreamHealth, scheduler: SchedulerLike, onSilent: (error: Error) => void) {
    this.#limit = limit;
    this.#health = health;
    this.#scheduler = scheduler;
    this.#onSilent = onSilent;
    this.#lastLiveAt = health.lastLiveAt = scheduler.now();
    this.#checkSilence();
  }

  /** Records that a chunk has arrived. */
  onChunk(chunk: string): void {
    this.#lastLiveAt = this.#health.lastLiveAt = this.#scheduler.now();
    const isKeepAlive = chunk.startsWith(':');
    if (isKeepAlive && this.#keepAliveAt !== undefined) {
      recordInterval(this.#health, this.#lastLiveAt - this.#keepAliveAt);
      if (!this.#timer) this.#checkSilence();
    }
    this.#keepAliveAt = isKeepAlive ? this.#lastLiveAt : undefined;
  }

  /** Clears the timer. */
  stop(): void {
    this.#timer?.unsubscribe();
  }

  #checkSilence(): void {
    const maxSilenceMs = silenceLimit(this.#limit, this.#health);
    if (maxSilenceMs === undefined) return;
    const remainingMs = this.#lastLiveAt + maxSilenceMs - this.#scheduler.now();
    if (remainingMs <= 0 && this.#silentSince === this.#lastLiveAt) {
      this.#health.timeouts = Math.min((this.#health.timeouts ?? 0) + 1, maxTimeouts);
      this.#onSilent(new Error(`silent for ${String(Math.round(maxSilenceMs))} ms`));
      return;
    }
    if (remainingMs <= 0) this.#silentSince = this.#lastLiveAt;
    this.#timer = this.#scheduler.schedule(
      () => {
        this.#checkSilence();
      },
      remainingMs > 0 ? remainingMs : readGraceMs,
    );
  }
}

function recordInterval(health: StreamHealth, interval: number): void {
  if (interval < minKeepAliveIntervalMs || interval > maxKeepAliveIntervalMs) return;
  const intervals = (health.keepAliveIntervals ??= []);
  intervals.push(interval);
  if (intervals.length > maxIntervals) intervals.shift();
}

/** The minimum number of intervals to derive a limit from. */
const minIntervals = 3;
/** The number of recent intervals to keep. */
const maxIntervals = 16;
/** The learned limit, as a multiple of the longest interval. */
const maxMissedKeepAlives = 2.5;
/** The minimum of the learned limit, in milliseconds. */
const minSilenceMs = 15_000;
/** The maximum number of times that the learned limit is doubled. */
const maxTimeouts = 5;

/** Returns how long a stream may be silent, in milliseconds. Returns `undefined` if there is no limit. */
export function silenceLimit(limit: Watchdog, health: StreamHealth): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, maxTimerDelay);
  const { keepAliveIntervals: intervals = [], timeouts = 0 } = health;
  if (intervals.length < minIntervals) return undefined;
  return Math.max(Math.max(...intervals) * maxMissedKeepAlives, minSilenceMs) * 2 ** timeouts;
}
