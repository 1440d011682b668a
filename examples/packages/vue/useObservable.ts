import type { Observable } from 'rxjs';
import { onScopeDispose, type Ref, shallowRef } from 'vue';

/** Returns the latest value of a stream as a ref. Unsubscribes when the component is unmounted. */
export function useObservable<T>(source$: Observable<T>, initial: T): Readonly<Ref<T>> {
  const latest = shallowRef(initial);
  const subscription = source$.subscribe((value) => {
    latest.value = value;
  });
  onScopeDispose(() => subscription.unsubscribe());
  return latest;
}
