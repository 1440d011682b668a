import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Watchdog } from '../../connection/connector';
import type { OpenGap } from '../../connection/gapTracker';
import { maxTimerDelay } from '../../../util/maxDelay';

/** Observed health of a server's stream. Kept across reconnections, because the next stream is from the same server. */
export interface StreamHealth {
  /** When the last bytes arrived, in milliseconds since the epoch. */
  lastHeardAt: number;
  /** The period in which messages may have been missed, until a resumed stream proves otherwise. */
  openGap?: OpenGap | undefined;
  /** The longest interval between two consecutive keep-alives, in milliseconds. */
  keepAliveInterval?: number;
}

/** Longer intervals are ignored: the machine may have been asleep. */
const maxKeepAliveIntervalMs = 120_000;
/** Grace period to read data that has already arrived, in case this process was busy. */
const readGraceMs = 50;

/**
 * Errors when the stream was silent for longer than the limit: a peer that vanishes without closing leaves a stream open
 * forever. With `'auto'`, the limit is learned: a chunk that begins with a comment is a keep-alive, and two consecutive ones
 * give the interval.
 */
export function watchdog(
  limit: Watchdog,
  health: StreamHealth,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<string> {
  return (chunks$) =>
    new Observable((subscriber) => {
      const watching = new Subscription();
      let check: Subscription | undefined;
      let keepAliveAt: number | undefined;
      let suspectedAt: number | undefined;
      health.lastHeardAt = scheduler.now();

      function checkSilence(): void {
        const maxSilence = silenceLimit(limit, health);
        if (maxSilence === undefined) return;
        const left = health.lastHeardAt + maxSilence - scheduler.now();
        if (left <= 0 && suspectedAt === health.lastHeardAt) {
          subscriber.error(new Error(`silent for ${String(Math.round(maxSilence))} ms`));
          return;
        }
        if (left <= 0) suspectedAt = health.lastHeardAt;
        watching.add((check = scheduler.schedule(checkSilence, left > 0 ? left : readGraceMs)));
      }

      function onChunk(chunk: string): void {
        health.lastHeardAt = scheduler.now();
        const isKeepAlive = chunk.startsWith(':');
        if (isKeepAlive && keepAliveAt !== undefined) {
          const interval = health.lastHeardAt - keepAliveAt;
          if (interval <= maxKeepAliveIntervalMs)
            health.keepAliveInterval = Math.max(health.keepAliveInterval ?? 0, interval);
          if (!check) checkSilence();
        }
        keepAliveAt = isKeepAlive ? health.lastHeardAt : undefined;
      }

      checkSilence();
      watching.add(
        chunks$.subscribe({
          next: (chunk) => {
            onChunk(chunk);
            subscriber.next(chunk);
          },
          error: (error: unknown) => {
            subscriber.error(error);
          },
          complete: () => {
            subscriber.complete();
          },
        }),
      );
      return watching;
    });
}

/** The number of consecutive keep-alives that may be missing. */
const maxMissedKeepAlives = 2.5;
/** Lower bound of the learned limit. */
const minSilenceMs = 1_000;

/** Returns how long a stream may be silent, in milliseconds, or `undefined` without a limit. */
export function silenceLimit(limit: Watchdog, { keepAliveInterval: interval }: StreamHealth): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, maxTimerDelay);
  return interval && Math.max(interval * maxMissedKeepAlives, minSilenceMs);
}
