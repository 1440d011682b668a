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

/** Options for {@link boundedConcatMap}. */
export interface BoundedConcatMapOptions<T> {
  /** The maximum number of values that wait while another one is projected. At least 1. */
  capacity: number;
  /**
   * The strategy when the queue is full: `'dropOldest'` (default) drops the value that has waited longest, `'dropNewest'` drops
   * the new value, `'latest'` drops all waiting values and keeps the new one, `'error'` errors with a `HandlerError`.
   */
  overflow?: 'dropOldest' | 'dropNewest' | 'latest' | 'error' | undefined;
  /** Called with each dropped value and the number of values dropped so far by this subscription. Default: none. */
  onDrop?: ((value: T, dropped: number) => void) | undefined;
}

const optionChecks = {
  capacity: isAtLeast(1),
  overflow: isOneOf('dropOldest', 'dropNewest', 'latest', 'error'),
  onDrop: isFunction,
};

/**
 * RxJS's `concatMap` with a bounded queue. A hot source does not wait for slow work, so the queue of `concatMap` can grow
 * without limit; this one drops values instead, or errors.
 *
 * ```text
 * source                 -1-2-3-4-----------|
 * capacity: 1            -[1111][444]-------|   2 and 3 are dropped
 * ```
 *
 * Completes once the source has completed and the queue is empty. Errors when the source, `project` or an inner Observable
 * errors. Each subscription has its own queue.
 *
 * @param project - returns the Observable, promise or iterable for a value. Called when all previous ones have completed.
 * @param options - the capacity of the queue, and the strategy when it is full.
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
          const overdue = waiting.shift();
          while (overflow === 'latest' && waiting.size > 0) overdue.push(...waiting.shift());
          waiting.push(value);
          drop(overdue);
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
 * Resubscribes on completion while `condition` returns `true`. Equivalent to `repeat({ delay })` of RxJS 7.5, for older versions.
 * `queueScheduler` keeps the stack flat when the source completes synchronously.
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

/** A FIFO queue. */
interface Queue<T> {
  readonly size: number;
  push(value: T): void;
  /** Removes the first value. Returns it in an array, which is empty if there is none. */
  shift(): T[];
}

/** Creates a queue with constant-time operations. `Array.prototype.shift` takes linear time. */
function createQueue<T>(): Queue<T> {
  let incoming: T[] = [];
  /** The waiting values that are removed next, in reverse order. */
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
