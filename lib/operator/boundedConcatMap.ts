import {
  defer,
  exhaustMap,
  from,
  mergeMap,
  type MonoTypeOperatorFunction,
  Observable,
  type ObservableInput,
  type OperatorFunction,
  queueScheduler,
  tap,
} from 'rxjs';
import { HandlerError } from '../errors';
import { assertOptions, isAtLeast, isFunction, isOneOf } from '../util/options';

/** Options for {@link boundedConcatMap}. Read when the operator is created. */
export interface BoundedConcatMapOptions<T> {
  /** The maximum number of values in the queue, not counting the one that is being projected. At least 1. */
  capacity: number;
  /**
   * What happens when a value arrives and the queue is full:
   *
   * - `'dropOldest'` (default) drops the oldest value in the queue.
   * - `'dropNewest'` drops the new value.
   * - `'latest'` drops all values in the queue and keeps the new one.
   * - `'error'` errors with a `HandlerError`.
   */
  overflow?: 'dropOldest' | 'dropNewest' | 'latest' | 'error' | undefined;
  /**
   * Called with each dropped value, and the number of values that this subscription has dropped so far. If it throws,
   * the stream errors. Default: none.
   */
  onDrop?: ((value: T, dropped: number) => void) | undefined;
}

const optionChecks = {
  capacity: isAtLeast(1),
  overflow: isOneOf('dropOldest', 'dropNewest', 'latest', 'error'),
  onDrop: isFunction,
};

/**
 * Projects each value to an inner Observable and concatenates them, like RxJS's `concatMap`, but with a bounded queue.
 *
 * A hot source does not wait for slow work, so the queue of `concatMap` can grow without limit. When the queue of
 * `boundedConcatMap` is full, it drops values or errors instead.
 *
 * ```text
 * source                 -1-2-3-4-----------|
 * capacity: 1            -[1111][444]-------|   2 and 3 are dropped
 * ```
 *
 * Completes when the source has completed, the queue is empty and the last inner Observable has completed. Errors when
 * the source, `project` or an inner Observable errors. Each subscription has its own queue.
 *
 * @param project - returns an Observable, promise or iterable for a value. Called when the previous one has completed.
 * @param options - the capacity of the queue, and what happens when it is full.
 * @returns an operator that emits the values of the inner Observables, in order.
 * @throws `ConfigError` if `capacity` is less than 1 or another option is invalid.
 *
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
          throw new HandlerError(`boundedConcatMap: queue is full (capacity ${String(capacity)})`);
        } else if (overflow === 'dropNewest') {
          drop([value]);
        } else {
          const evicted = waiting.shift();
          while (overflow === 'latest' && waiting.size > 0) evicted.push(...waiting.shift());
          waiting.push(value);
          drop(evicted);
        }
      }

      const next$ = defer(() => from(waiting.shift()).pipe(mergeMap(project)));
      const work$ = next$.pipe(repeatWhile(() => waiting.size > 0));
      return source$.pipe(
        tap(enqueue),
        exhaustMap(() => work$),
      );
    });
}

/**
 * Resubscribes when the source completes, while `condition` returns `true`. Replaces `repeat({ delay })`, which older
 * versions than RxJS 7.5 do not have. `queueScheduler` prevents recursion when the source completes synchronously.
 */
function repeatWhile<T>(condition: () => boolean): MonoTypeOperatorFunction<T> {
  return (source$) =>
    new Observable((subscriber) => {
      function run(): void {
        subscriber.add(
          source$.subscribe({
            next: (value) => {
              subscriber.next(value);
            },
            error: (error: unknown) => {
              subscriber.error(error);
            },
            complete: () => {
              if (condition()) subscriber.add(queueScheduler.schedule(run));
              else subscriber.complete();
            },
          }),
        );
      }

      run();
    });
}

/** A first-in, first-out queue. */
interface Queue<T> {
  readonly size: number;
  push(value: T): void;
  /** Removes the first value and returns it in an array. Returns an empty array if the queue is empty. */
  shift(): T[];
}

/** Creates a queue whose operations take constant time on average. `Array.prototype.shift` may take linear time. */
function createQueue<T>(): Queue<T> {
  let incoming: T[] = [];
  /** The first values of the queue, in reverse order, so that the next one can be removed from the end. */
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
