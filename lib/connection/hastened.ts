import { from, race, type Observable } from 'rxjs';
import type { Waits } from './waits';

/**
 * The same decisions, but of each wait there is no more when `hurry$` emits: the attempt that was waited for is made at once,
 * and counts as that.
 *
 * ```text
 * waits     --#-------c      # failed, c tries again
 * hurry$    -----h-----
 * hastened  --#--c-----
 * ```
 */
export function hastened(waits: Waits, hurry$: Observable<unknown> | undefined): Waits {
  if (!hurry$) return waits;
  return (error) => {
    const wait = waits(error);
    return { ...wait, until$: race(hurry$, from(wait.until$)) };
  };
}
