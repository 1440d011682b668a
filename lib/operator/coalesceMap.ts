import type { ObservableInput, OperatorFunction } from 'rxjs';
import { boundedConcatMap } from './boundedConcatMap';

/**
 * Projects values like RxJS's `exhaustMap`, but remembers the latest value that arrives while an inner Observable is
 * active, and projects that value next. Of a burst, the first and the last value are projected.
 *
 * ```text
 * source  --a-b-c-d--------e--
 * project --[aaaaa][ddd]---[e]
 * ```
 */
export function coalesceMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return boundedConcatMap(project, { capacity: 1 });
}
