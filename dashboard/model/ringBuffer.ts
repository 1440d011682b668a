/** The latest items, up to a number of them. */
export interface RingBuffer<T> extends Iterable<T> {
  readonly size: number;
  /** The item at an index, from the oldest that there is. */
  at(index: number): T | undefined;
  /** Adds an item; returns the one that it took the place of, if it did. */
  push(item: T): T | undefined;
  /** Takes the oldest away. */
  shift(): T | undefined;
  clear(): void;
}

/** A buffer in which each item beyond `capacity` takes the place of the oldest. Nothing is ever moved. */
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
