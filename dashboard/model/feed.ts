import type { FeedEntry } from './feedEntry';
import { type FeedFilter, matches } from './feedFilter';
import { createRingBuffer } from './ringBuffer';

/** The latest notifications, those of them that are wanted, and those that wait while the feed is paused. */
export interface Feed {
  /** How many there are. */
  readonly total: number;
  /** How many are wanted. */
  readonly size: number;
  /** How many wanted ones had to go, for newer ones, since the filter was set. */
  readonly gone: number;
  readonly isPaused: boolean;
  /** How many have come since it was paused. */
  readonly held: number;
  /** A wanted one, by its index from the oldest. */
  at(index: number): FeedEntry | undefined;
  append(entry: FeedEntry): void;
  filterBy(filter: FeedFilter): void;
  /** What comes from now on is held back, and what there is stays as it is. */
  pause(): void;
  resume(): void;
  clear(): void;
}

/** A feed that holds `capacity` notifications, and as many again while it is paused. */
export function createFeed(capacity: number): Feed {
  const all = createRingBuffer<FeedEntry>(capacity);
  const wanted = createRingBuffer<FeedEntry>(capacity);
  const waiting = createRingBuffer<FeedEntry>(capacity);
  let filter: FeedFilter = { hidden: new Set(), method: '' };
  let isPaused = false;
  let held = 0;
  let gone = 0;

  function add(entry: FeedEntry): void {
    const replaced = all.push(entry);
    if (replaced && wanted.at(0) === replaced) {
      wanted.shift();
      gone += 1;
    }
    if (matches(filter, entry)) wanted.push(entry);
  }

  return {
    get total() {
      return all.size;
    },
    get size() {
      return wanted.size;
    },
    get gone() {
      return gone;
    },
    get isPaused() {
      return isPaused;
    },
    get held() {
      return held;
    },
    at: (index) => wanted.at(index),
    append: (entry) => {
      if (!isPaused) {
        add(entry);
        return;
      }
      waiting.push(entry);
      held += 1;
    },
    filterBy: (next) => {
      filter = next;
      gone = 0;
      wanted.clear();
      for (const entry of all) if (matches(filter, entry)) wanted.push(entry);
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      for (const entry of waiting) add(entry);
      waiting.clear();
      held = 0;
    },
    clear: () => {
      all.clear();
      wanted.clear();
      waiting.clear();
      held = gone = 0;
    },
  };
}
