import {
  defer,
  EMPTY,
  exhaustMap,
  from,
  mergeMap,
  type ObservableInput,
  type OperatorFunction,
  queueScheduler,
  repeat,
  scheduled,
  tap,
} from 'rxjs';
import { HandlerError } from '../errors';
import { assertOptions, isAtLeast, isFunction, isOneOf } from '../util/options';

/** What `boundedConcatMap` does with more than it can hold. */
export interface BoundedConcatMapOptions<T> {
  /** How many values may wait while another is being dealt with. At least 1. */
  capacity: number;
  /**
   * What happens when one more comes: `'dropOldest'` drops the one that has waited longest, `'dropNewest'` the one that
   * came, `'latest'` all that wait, so that the newest is next; `'error'` errors with a `HandlerError`. Default
   * `'dropOldest'`.
   */
  overflow?: 'dropOldest' | 'dropNewest' | 'latest' | 'error';
  /** Is told of each value that is dropped, and how many have been so far. Default: nobody is. */
  onDrop?: (value: T, dropped: number) => void;
}

const optionChecks = {
  capacity: isAtLeast(1),
  overflow: isOneOf('dropOldest', 'dropNewest', 'latest', 'error'),
  onDrop: isFunction,
};

/**
 * RxJS's `concatMap` with a bounded queue: a hot stream does not wait for slow work, and what waits must not grow for ever.
 *
 * ```text
 * source                 -1-2-3-4-----------|
 * capacity: 1            -[1111][444]-------|      2 and 3 are dropped
 * ```
 *
 * Completes when its source has and all that waits is done; errors with its source, or with `project`. What waits belongs
 * to the subscription.
 *
 * @throws `ConfigError` when the capacity is below one, or another option is not what it has to be.
 * @example
 * session.notifications$.pipe(boundedConcatMap((n) => save(n), { capacity: 100, onDrop: (_, n) => console.warn(n) }));
 */
export function boundedConcatMap<T, R>(
  project: (value: T) => ObservableInput<R>,
  options: BoundedConcatMapOptions<T>,
): OperatorFunction<T, R> {
  assertOptions(options, optionChecks, 'boundedConcatMap');
  optionChecks.capacity(options.capacity, 'boundedConcatMap.capacity');
  const { capacity, overflow = 'dropOldest', onDrop } = options;

  return (source$) =>
    defer(() => {
      const waiting = createQueue<T>();
      let dropped = 0;

      function drop(values: T[]): void {
        for (const value of values) onDrop?.(value, ++dropped);
      }

      function enqueue(value: T): void {
        if (waiting.size < capacity) {
          waiting.push(value);
        } else if (overflow === 'error') {
          throw new HandlerError(`boundedConcatMap: ${String(capacity)} values are waiting, and one more came`);
        } else if (overflow === 'dropNewest') {
          drop([value]);
        } else {
          const late = waiting.shift();
          while (overflow === 'latest' && waiting.size > 0) late.push(...waiting.shift());
          waiting.push(value);
          drop(late);
        }
      }

      const next$ = defer(() => from(waiting.shift()).pipe(mergeMap(project)));
      // Queued, so that the stack does not grow with each value that is done at once.
      const another$ = defer(() => (waiting.size > 0 ? scheduled([true], queueScheduler) : EMPTY));
      const work$ = next$.pipe(repeat({ delay: () => another$ }));
      return source$.pipe(
        tap(enqueue),
        exhaustMap(() => work$),
      );
    });
}

/** First in, first out. */
interface Queue<T> {
  readonly size: number;
  push(value: T): void;
  /** Takes out the first, in an array that is empty when there is none. */
  shift(): T[];
}

/** A queue that takes as long for each value however many there are, which an array does not. */
function createQueue<T>(): Queue<T> {
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
