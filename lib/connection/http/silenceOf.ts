import { longestTimer } from '../../util/maxDelay';
import type { Pulse, Watchdog } from './watchdog';

/** A stream is dead when this many keep-alives in a row did not come. */
const missed = 2.5;
/** However often a server sends keep-alives, a stream may be silent for so many milliseconds. */
const leastSilence = 1_000;

/** Milliseconds for which a stream may be silent, if there is a limit. */
export function silenceOf(limit: Watchdog, { interval }: Pulse): number | undefined {
  if (limit !== 'auto') return limit === false ? undefined : Math.min(limit, longestTimer);
  return interval && Math.max(interval * missed, leastSilence);
}
