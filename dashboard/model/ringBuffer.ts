/** A buffer of the latest items. */
export interface RingBuffer<T> extends Iterable<T> {
  readonly size: number;
  /** Returns an item by its index, counted from the oldest. */
  at(index: number): T | undefined;
  /** Adds an item. Returns the item that it replaced, if any. */
  push(item: T): T | undefined;
  /** Removes the oldest item. */
  shift(): T | undefined;
  clear(): void;
}

/** Creates a buffer in which each item beyond `capacity` replaces the oldest. Items are never moved. */
export function createRingBuffer<T>(capacity: number): RingBuffer<T> {
  let items: (T | undefined)[] = [];
  let start = 0;
  let size = 0;

  const at = (index: number): T | undefined =>
    index >= 0 && index < size ? items[(start + index) % capacity] : undefined;

  function shift(): T | undefined {
    const oldest = at(0);
    if (size === 0) return undefined;
    items[start] = undefined;
    start = (start + 1) % capacity;
    size -= 1;
    return oldest;
  }

  return {
    get size() {
      return size;
    },
    at,
    push: (item) => {
      const replaced = size === capacity ? shift() : undefined;
      items[(start + size) % capacity] = item;
      size += 1;
      return replaced;
    },
    shift,
    clear: () => {
      items = [];
      start = size = 0;
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < size; index++) yield at(index) as T;
    },
  };
}
