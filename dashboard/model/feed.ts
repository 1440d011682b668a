import type { FeedEntry } from './feedEntry';
import { type FeedFilter, matches } from './feedFilter';
import { createRingBuffer } from './ringBuffer';

/** The latest notifications, those that match the filter, and those that arrive while the feed is paused. */
export interface Feed {
  /** The number of entries. */
  readonly total: number;
  /** The number of entries that match the filter. */
  readonly size: number;
  /** The number of matching entries that were dropped for newer ones since the filter was set. */
  readonly dropped: number;
  readonly isPaused: boolean;
  /** The number of entries that have arrived since the feed was paused. */
  readonly held: number;
  /** Returns a matching entry by its index, counted from the oldest. */
  at(index: number): FeedEntry | undefined;
  append(entry: FeedEntry): void;
  filterBy(filter: FeedFilter): void;
  /** Holds back later entries, so that the feed does not change. */
  pause(): void;
  resume(): void;
  clear(): void;
}

/** Creates a feed of `capacity` notifications. While paused, it holds as many more. */
export function createFeed(capacity: number): Feed {
  const all = createRingBuffer<FeedEntry>(capacity);
  const wanted = createRingBuffer<FeedEntry>(capacity);
  const waiting = createRingBuffer<FeedEntry>(capacity);
  let filter: FeedFilter = { hidden: new Set(), method: '' };
  let isPaused = false;
  let held = 0;
  let dropped = 0;

  function add(entry: FeedEntry): void {
    const replaced = all.push(entry);
    if (replaced && wanted.at(0) === replaced) {
      wanted.shift();
      dropped += 1;
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
    get dropped() {
      return dropped;
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
      dropped = 0;
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
      held = dropped = 0;
    },
  };
}
