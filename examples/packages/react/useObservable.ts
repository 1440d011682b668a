import { useMemo, useSyncExternalStore } from 'react';
import { BehaviorSubject, type Observable, share } from 'rxjs';

/** Returns the latest value of a stream, while the component is mounted. An error of the stream is thrown while rendering. */
export function useObservable<T>(source$: Observable<T>, initial: T): T {
  const latest$ = useMemo(() => new BehaviorSubject(initial), [source$]);
  const subscribe = useMemo(() => subscribeTo(source$.pipe(share({ connector: () => latest$ }))), [latest$]);
  const read = () => latest$.value;
  return useSyncExternalStore(subscribe, read, read);
}

const subscribeTo = (values$: Observable<unknown>) => (render: () => void) => {
  const subscription = values$.subscribe({ next: render, error: render });
  return () => subscription.unsubscribe();
};
