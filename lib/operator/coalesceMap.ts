import type { ObservableInput, OperatorFunction } from 'rxjs';
import { boundedConcatMap } from './boundedConcatMap';

/**
 * RxJS's `exhaustMap`, but the latest value that arrives while `project` is busy is projected next. The first and the
 * last value of a burst are projected.
 *
 * ```text
 * source  --a-b-c-d--------e--
 * project --[aaaaa][ddd]---[e]
 * ```
 */
export function coalesceMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return boundedConcatMap(project, { capacity: 1 });
}
