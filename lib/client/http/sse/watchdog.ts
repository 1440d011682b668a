import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Watchdog } from '../../connection/connector';
import type { OpenGap } from '../../connection/gapTracker';
import { maxTimerDelay } from '../../../util/maxDelay';

/** What is known of a stream's health. It outlives the stream: the next one is the same server's. */
export interface StreamHealth {
  /** When the last bytes came in, in milliseconds since the epoch. */
  lastHeardAt: number;
  /** Since when, and why, something may have been missed, as long as it is not known that nothing was. */
  openGap?: OpenGap | undefined;
  /** The longest time between two keep-alives in a row, in milliseconds, if there have been two. */
  keepAliveInterval?: number;
}

/** Keep-alives that are further apart are none: the machine was asleep, for example. In milliseconds. */
const longestInterval = 120_000;
/** Milliseconds for what has come to be read: it may be that nobody here had the time. */
const lastChance = 50;

/**
 * Errors when nothing has come for too long. A peer that vanished without a word leaves a stream that is open for ever.
 * Comments count, and teach: a chunk that is a comment is a keep-alive, and two in a row tell the time between them.
 */
export function watchdog(
  limit: Watchdog,
  pulse: StreamHealth,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<string> {
  return (chunks$) =>
    new Observable((subscriber) => {
      const watching = new Subscription();
      let watch: Subscription | undefined;
      let keptAliveAt: number | undefined;
      let doubtedAt: number | undefined;
      pulse.lastHeardAt = scheduler.now();

      function look(): void {
        const bound = silenceLimit(limit, pulse);
        if (bound === undefined) return;
        const left = pulse.lastHeardAt + bound - scheduler.now();
        if (left <= 0 && doubtedAt === pulse.lastHeardAt) {
          subscriber.error(new Error(`silent for ${String(Math.round(bound))} ms`));
          return;
        }
        if (left <= 0) doubtedAt = pulse.lastHeardAt;
        watching.add((watch = scheduler.schedule(look, left > 0 ? left : lastChance)));
      }

      function listen(chunk: string): void {
        pulse.lastHeardAt = scheduler.now();
        const isKeepAlive = chunk.startsWith(':');
        if (isKeepAlive && keptAliveAt !== undefined) {
          const interval = pulse.lastHeardAt - keptAliveAt;
          if (interval <= longestInterval) pulse.keepAliveInterval = Math.max(pulse.keepAliveInterval ?? 0, interval);
          if (!watch) look();
        }
        keptAliveAt = isKeepAlive ? pulse.lastHeardAt : undefined;
      }

      look();
      watching.add(
        chunks$.subscribe({
          next: (chunk) => {
            listen(chunk);
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

/** A stream is dead when this many keep-alives in a row did not come. */
const missed = 2.5;
/** However often a server sends keep-alives, a stream may be silent for so many milliseconds. */
const leastSilence = 1_000;

/** Milliseconds for which a stream may be silent, if there is a limit. */
export function silenceLimit(limit: Watchdog, { keepAliveInterval: interval }: StreamHealth): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, maxTimerDelay);
  return interval && Math.max(interval * missed, leastSilence);
}
