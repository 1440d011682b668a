/** First in, first out. */
export interface Queue<T> {
  readonly size: number;
  push(value: T): void;
  /** Takes out the first, in an array that is empty when there is none. */
  shift(): T[];
}

/** A queue that takes as long for each value however many there are, which an array does not. */
export function createQueue<T>(): Queue<T> {
  let incoming: T[] = [];
  /** In reverse order. */
  let outgoing: T[] = [];

  return {
    get size() {
      return incoming.length + outgoing.length;
    },
    push(value) {
      incoming.push(value);
    },
    shift() {
      if (outgoing.length === 0) {
        outgoing = incoming.reverse();
        incoming = [];
      }
      return outgoing.splice(-1);
    },
  };
}
