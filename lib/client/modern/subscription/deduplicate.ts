import { defer, delay, filter, map, merge, repeat, take, timer, type Observable, type SchedulerLike } from 'rxjs';

/** The maximum time between two copies of a notification, in milliseconds. */
const maxSkewMs = 200;
/** The maximum time that two subscriptions overlap, in milliseconds. */
const maxOverlapMs = 2_000;
/** The maximum number of expected copies per subscription. Beyond it, notifications may be delivered twice. */
const maxCopies = 1_024;
/** The maximum length of a key, in characters. Notifications with longer keys may be delivered twice. */
const maxKeyLength = 4_096;

/** The copies that a subscription is expected to deliver. */
interface ExpectedCopies {
  /** The expiry times of the expected copies of each key, oldest first. */
  byKey: Map<string, number[]>;
  size: number;
  /** The earliest time of the next removal of expired copies. */
  sweepAt: number;
}

/** Detects notifications that overlapping subscriptions deliver twice. */
export interface Deduplicator {
  /** Adds a subscription. */
  open(id: string): void;
  /** Removes a subscription. Its later notifications count as duplicates. */
  close(id: string): void;
  /**
   * Returns whether a notification is not a duplicate.
   *
   * @param id - the id of the subscription that delivered the notification.
   * @param key - the same for notifications with the same content.
   */
  isNew(id: string, key: string): boolean;
  /**
   * Emits `true` when no further copy can be in transit, or `false` if copies may still be in transit after
   * `maxOverlapMs`.
   */
  readonly quiet$: Observable<boolean>;
}

/**
 * While two subscriptions overlap, notifications that both cover arrive twice: on separate streams, in any order, and
 * without a common id. The first arrival registers an expected copy with each other subscription, for `maxSkewMs`. A
 * notification that matches an expected copy consumes it and is dropped.
 */
export function createDeduplicator(scheduler: SchedulerLike): Deduplicator {
  const subscriptions = new Map<string, ExpectedCopies>();
  let lastArrivalAt = -Infinity;

  const quiet$ = defer(() => {
    const since = scheduler.now();
    const remainingMs = (): number => Math.max(since, lastArrivalAt) + maxSkewMs - scheduler.now();
    const idle$ = defer(() => timer(Math.max(remainingMs(), 0), scheduler)).pipe(
      // If the process was blocked, read the data that has already arrived first.
      delay(0, scheduler),
      repeat(),
      filter(() => remainingMs() <= 0),
    );
    return merge(idle$.pipe(map(() => true)), timer(maxOverlapMs, scheduler).pipe(map(() => false))).pipe(take(1));
  });

  function sweep(copies: ExpectedCopies, now: number): void {
    for (const [key, all] of copies.byKey) {
      const valid = all.filter((until) => until > now);
      copies.size -= all.length - valid.length;
      if (valid.length > 0) copies.byKey.set(key, valid);
      else copies.byKey.delete(key);
    }
    copies.sweepAt = now + maxSkewMs;
  }

  function expectCopy(copies: ExpectedCopies, key: string, now: number): void {
    if (copies.size >= maxCopies && now >= copies.sweepAt) sweep(copies, now);
    if (copies.size >= maxCopies || key.length > maxKeyLength) return;
    const known = copies.byKey.get(key);
    if (known) known.push(now + maxSkewMs);
    else copies.byKey.set(key, [now + maxSkewMs]);
    copies.size++;
  }

  /** Consumes an expected copy that has not expired. Returns whether there was one. */
  function consumeCopy(copies: ExpectedCopies, key: string, now: number): boolean {
    const known = copies.byKey.get(key);
    if (!known) return false;
    let isExpected = false;
    while (!isExpected && known.length > 0) {
      isExpected = (known.shift() ?? 0) > now;
      copies.size--;
    }
    if (known.length === 0) copies.byKey.delete(key);
    return isExpected;
  }

  return {
    open(id) {
      subscriptions.set(id, { byKey: new Map(), size: 0, sweepAt: 0 });
    },
    close(id) {
      subscriptions.delete(id);
    },
    isNew(id, key) {
      const own = subscriptions.get(id);
      if (!own) return false;
      const now = scheduler.now();
      lastArrivalAt = now;
      if (consumeCopy(own, key, now)) return false;
      for (const other of subscriptions.values()) if (other !== own) expectCopy(other, key, now);
      return true;
    },
    quiet$,
  };
}
