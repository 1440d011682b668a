import { defer, delay, filter, map, merge, repeat, take, timer, type Observable, type SchedulerLike } from 'rxjs';

/** Milliseconds between the two copies of one notification, at the most. */
const skew = 200;
/** Milliseconds that a stream may go on beside the one that took its place. */
const longest = 2_000;

/** Tells apart what is new and what is the same notification on another subscription. */
export interface Twins {
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
export function createTwins(scheduler: SchedulerLike): Twins {
  const passes = new Map<string, Map<string, number[]>>();
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

  return {
    open(id) {
      passes.set(id, new Map());
    },
    close(id) {
      passes.delete(id);
    },
    isNew(id, key) {
      const own = passes.get(id);
      if (!own) return false;
      const now = scheduler.now();
      heardAt = now;
      const valid = (own.get(key) ?? []).filter((until) => until > now);
      own.set(key, valid.slice(1));
      if (valid.length > 0) return false;
      for (const other of passes.values()) if (other !== own) other.set(key, [...(other.get(key) ?? []), now + skew]);
      return true;
    },
    settled$,
  };
}
