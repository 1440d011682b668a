import { useMemo, useSyncExternalStore } from 'react';
import { BehaviorSubject, type Observable } from 'rxjs';

/** Returns the latest value of a stream, while the component is mounted. An error of the stream is thrown while rendering. */
export function useObservable<T>(source$: Observable<T>, initial: T): T {
  const [subscribe, read] = useMemo(() => {
    const latest$ = new BehaviorSubject(initial);
    const follow = (render: () => void) => {
      const subscription = latest$.subscribe({ next: render, error: render });
      subscription.add(source$.subscribe(latest$));
      return () => subscription.unsubscribe();
    };
    return [follow, () => latest$.value] as const;
  }, [source$]);
  return useSyncExternalStore(subscribe, read, read);
}
