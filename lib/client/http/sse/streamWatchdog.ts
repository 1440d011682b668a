import type { SchedulerLike, Subscription } from 'rxjs';
import type { Watchdog } from '../../connection/connector';
import { maxTimerDelay } from '../../../util/maxDelay';

/** Observed health of a server's stream. Kept across reconnections, because the next stream is from the same server. */
export interface StreamHealth {
  /** When the last bytes arrived, in milliseconds since the epoch. */
  lastHeardAt: number;
  /** The last intervals between two consecutive keep-alives, in milliseconds. */
  keepAliveIntervals?: number[];
  /** The number of streams that were declared dead. Each one makes the learned limit more lenient. */
  alarms?: number;
}

/** Longer intervals are ignored, because the machine may have been asleep. */
const maxKeepAliveIntervalMs = 120_000;
/** Shorter intervals are ignored: a proxy buffered the keep-alives and sent them together. */
const minKeepAliveIntervalMs = 1_000;
/** Grace period to read data that has already arrived, in case this process was busy. */
const readGraceMs = 50;

/**
 * Reports a stream that was silent for longer than the limit: a peer that vanishes without closing leaves a stream open forever.
 * With `'auto'`, the limit is learned from keep-alives. A chunk that begins with a comment is a keep-alive, and two consecutive
 * keep-alives give an interval. Once there are several intervals, the longest of the last ones determines the limit.
 */
export class StreamWatchdog {
  readonly #limit: Watchdog;
  readonly #health: StreamHealth;
  readonly #scheduler: SchedulerLike;
  readonly #onSilent: (error: Error) => void;
  #check: Subscription | undefined;
  #keepAliveAt: number | undefined;
  #suspectedAt: number | undefined;
  /** Kept per stream, because several streams of a server may share their health. */
  #heardAt: number;

  /** @param onSilent - called once, when the stream is considered dead. */
  constructor(limit: Watchdog, health: StreamHealth, scheduler: SchedulerLike, onSilent: (error: Error) => void) {
    this.#limit = limit;
    this.#health = health;
    this.#scheduler = scheduler;
    this.#onSilent = onSilent;
    this.#heardAt = health.lastHeardAt = scheduler.now();
    this.#checkSilence();
  }

  /** Records that a chunk has arrived. */
  onChunk(chunk: string): void {
    this.#heardAt = this.#health.lastHeardAt = this.#scheduler.now();
    const isKeepAlive = chunk.startsWith(':');
    if (isKeepAlive && this.#keepAliveAt !== undefined) {
      learn(this.#health, this.#heardAt - this.#keepAliveAt);
      if (!this.#check) this.#checkSilence();
    }
    this.#keepAliveAt = isKeepAlive ? this.#heardAt : undefined;
  }

  /** Clears the timer. */
  stop(): void {
    this.#check?.unsubscribe();
  }

  #checkSilence(): void {
    const maxSilence = silenceLimit(this.#limit, this.#health);
    if (maxSilence === undefined) return;
    const left = this.#heardAt + maxSilence - this.#scheduler.now();
    if (left <= 0 && this.#suspectedAt === this.#heardAt) {
      this.#health.alarms = Math.min((this.#health.alarms ?? 0) + 1, maxAlarms);
      this.#onSilent(new Error(`silent for ${String(Math.round(maxSilence))} ms`));
      return;
    }
    if (left <= 0) this.#suspectedAt = this.#heardAt;
    this.#check = this.#scheduler.schedule(
      () => {
        this.#checkSilence();
      },
      left > 0 ? left : readGraceMs,
    );
  }
}

function learn(health: StreamHealth, interval: number): void {
  if (interval < minKeepAliveIntervalMs || interval > maxKeepAliveIntervalMs) return;
  const intervals = (health.keepAliveIntervals ??= []);
  intervals.push(interval);
  if (intervals.length > maxIntervals) intervals.shift();
}

/** The number of intervals that are needed to learn a limit. */
const minIntervals = 3;
/** The number of last intervals that are kept. */
const maxIntervals = 16;
/** The learned limit as a multiple of the keep-alive interval. */
const maxMissedKeepAlives = 2.5;
/** Lower bound of the learned limit. */
const minSilenceMs = 15_000;
/** The maximum number of alarms that count. Each alarm doubles the learned limit. */
const maxAlarms = 5;

/** Returns how long a stream may be silent, in milliseconds, or `undefined` without a limit. */
export function silenceLimit(limit: Watchdog, health: StreamHealth): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, maxTimerDelay);
  const { keepAliveIntervals: intervals = [], alarms = 0 } = health;
  if (intervals.length < minIntervals) return undefined;
  return Math.max(Math.max(...intervals) * maxMissedKeepAlives, minSilenceMs) * 2 ** alarms;
}
