import { type MonoTypeOperatorFunction, Observable, type SchedulerLike, Subscription } from 'rxjs';
import type { Watchdog } from '../../connection/connector';
import type { Hole } from '../../connection/gapTracker';
import { longestTimer } from '../../../util/maxDelay';

/** What is known of a stream's pulse. It outlives the stream: the next one is the same server's. */
export interface Pulse {
  /** When the last bytes came in, in milliseconds since the epoch. */
  heardAt: number;
  /** Since when, and why, something may have been missed, as long as it is not known that nothing was. */
  hole?: Hole | undefined;
  /** The longest time between two keep-alives in a row, in milliseconds, if there have been two. */
  interval?: number;
}

/** Keep-alives that are further apart are none: the machine was asleep, for example. In milliseconds. */
const longestInterval = 120_000;
/** Milliseconds for what has come to be read: it may be that nobody here had the time. */
const lastChance = 50;

/**
 * Errors when nothing has come for too long. A peer that vanished without a word leaves a stream that is open for ever.
 * Comments count, and teach: a chunk that is a comment is a keep-alive, and two in a row tell the time between them.
 */
export function watchdog(limit: Watchdog, pulse: Pulse, scheduler: SchedulerLike): MonoTypeOperatorFunction<string> {
  return (chunks$) =>
    new Observable((subscriber) => {
      const watching = new Subscription();
      let watch: Subscription | undefined;
      let keptAliveAt: number | undefined;
      let doubtedAt: number | undefined;
      pulse.heardAt = scheduler.now();

      function look(): void {
        const bound = silenceOf(limit, pulse);
        if (bound === undefined) return;
        const left = pulse.heardAt + bound - scheduler.now();
        if (left <= 0 && doubtedAt === pulse.heardAt) {
          subscriber.error(new Error(`silent for ${String(Math.round(bound))} ms`));
          return;
        }
        if (left <= 0) doubtedAt = pulse.heardAt;
        watching.add((watch = scheduler.schedule(look, left > 0 ? left : lastChance)));
      }

      function listen(chunk: string): void {
        pulse.heardAt = scheduler.now();
        const isKeepAlive = chunk.startsWith(':');
        if (isKeepAlive && keptAliveAt !== undefined) {
          const interval = pulse.heardAt - keptAliveAt;
          if (interval <= longestInterval) pulse.interval = Math.max(pulse.interval ?? 0, interval);
          if (!watch) look();
        }
        keptAliveAt = isKeepAlive ? pulse.heardAt : undefined;
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
export function silenceOf(limit: Watchdog, { interval }: Pulse): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, longestTimer);
  return interval && Math.max(interval * missed, leastSilence);
}
