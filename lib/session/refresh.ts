import type { Observable, OperatorFunction } from 'rxjs';
import { coalesceMap } from '../operator/coalesceMap';
import { persist, type PersistContext } from './persist';

/**
 * Gets `fetch$` anew each time the source says that what is known is stale: for a burst of changes, once at once and once
 * at its end. One that fails is told and tried again; what was known meanwhile stays.
 *
 * @param isFatal - which errors are the subscriber's to deal with. Default: none.
 */
export function refresh<T>(
  fetch$: Observable<T>,
  context: PersistContext,
  isFatal?: (error: unknown) => boolean,
): OperatorFunction<unknown, T> {
  const fetched$ = fetch$.pipe(persist(context, isFatal));
  return coalesceMap(() => fetched$);
}
