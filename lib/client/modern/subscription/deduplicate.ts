import { defer, delay, filter, map, merge, repeat, take, timer, type Observable, type SchedulerLike } from 'rxjs';

/** Milliseconds between the two copies of one notification, at the most. */
const skew = 200;
/** Milliseconds that a stream may go on beside the one that took its place. */
const longest = 2_000;
/** How many passes a subscription has at the most, and for keys of how many characters: a copy beyond that is told again. */
const mostPasses = 1_024;
const longestKey = 4_096;

/** The passes of one subscription. */
interface Passes {
  /** Until when each of those for a key is good, the oldest first. */
  byKey: Map<string, number[]>;
  size: number;
  /** When there is again one to be taken out that is good no more. */
  sweepAt: number;
}

/** Tells apart what is new and what is the same notification on another subscription. */
export interface Deduplicator {
  /** A subscription begins, under its id. */
  open(id: string): void;
  /** A subscription has ended: what still comes of it is not new. */
  close(id: string): void;
  /** Whether a notification is news. `key` is equal for those that tell the same. */
  isNew(id: string, key: string): boolean;
  /** Emits `true` when no second copy can be under way any more, or `false` when it has been long enough. */
  readonly settled$: Observable<boolean>;
}

/**
 * While one subscription takes the place of another, what both cover comes twice, in any order, since each has a stream of
 * its own; and the copies have nothing in common but what they tell. So they are paired: one that comes on a subscription
 * leaves a pass on each other one, for the time that the copy may take, and a copy that finds a pass uses it up.
 */
export function createDeduplicator(scheduler: SchedulerLike): Deduplicator {
  const passes = new Map<string, Passes>();
  let heardAt = -Infinity;

  const settled$ = defer(() => {
    const since = scheduler.now();
    const left = (): number => Math.max(since, heardAt) + skew - scheduler.now();
    const quiet$ = defer(() => timer(Math.max(left(), 0), scheduler)).pipe(
      // Where the process was held up, what has come meanwhile is read first.
      delay(0, scheduler),
      repeat(),
      filter(() => left() <= 0),
    );
    return merge(quiet$.pipe(map(() => true)), timer(longest, scheduler).pipe(map(() => false))).pipe(take(1));
  });

  function sweep(of: Passes, now: number): void {
    for (const [key, all] of of.byKey) {
      const valid = all.filter((until) => until > now);
      of.size -= all.length - valid.length;
      if (valid.length > 0) of.byKey.set(key, valid);
      else of.byKey.delete(key);
    }
    of.sweepAt = now + skew;
  }

  function leave(at: Passes, key: string, now: number): void {
    if (at.size >= mostPasses && now >= at.sweepAt) sweep(at, now);
    if (at.size >= mostPasses || key.length > longestKey) return;
    const known = at.byKey.get(key);
    if (known) known.push(now + skew);
    else at.byKey.set(key, [now + skew]);
    at.size++;
  }

  /** Uses up a pass, if there is one that is still good. */
  function usesPass(of: Passes, key: string, now: number): boolean {
    const known = of.byKey.get(key);
    if (!known) return false;
    let isGood = false;
    while (!isGood && known.length > 0) {
      isGood = (known.shift() ?? 0) > now;
      of.size--;
    }
    if (known.length === 0) of.byKey.delete(key);
    return isGood;
  }

  return {
    open(id) {
      passes.set(id, { byKey: new Map(), size: 0, sweepAt: 0 });
    },
    close(id) {
      passes.delete(id);
    },
    isNew(id, key) {
      const own = passes.get(id);
      if (!own) return false;
      const now = scheduler.now();
      heardAt = now;
      if (usesPass(own, key, now)) return false;
      for (const other of passes.values()) if (other !== own) leave(other, key, now);
      return true;
    },
    settled$,
  };
}
