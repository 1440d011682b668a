import type { ObservableInput, OperatorFunction } from 'rxjs';
import { boundedConcatMap } from './boundedConcatMap';

/**
 * Runs `project` for a value at once, or as soon as the one before is done; of what comes meanwhile only the latest counts.
 * However many values come in a burst, `project` runs for the first and for the last.
 *
 * ```text
 * source  --a-b-c-d--------e--
 * project --[aaaaa][ddd]---[e]
 * ```
 */
export function coalesceMap<T, R>(project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> {
  return boundedConcatMap(project, { capacity: 1 });
}
