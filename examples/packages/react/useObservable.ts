import { useMemo, useSyncExternalStore } from 'react';
import type { Observable } from 'rxjs';

/** Returns the latest value of a stream. Subscribes while the component is mounted, and resubscribes if the Observable changes. */
export function useObservable<T>(source$: Observable<T>, initial: T): T {
  const [subscribe, read] = useMemo(() => {
    let latest = initial;
    const follow = (render: () => void) => {
      const subscription = source$.subscribe((value) => {
        latest = value;
        render();
      });
      return () => subscription.unsubscribe();
    };
    return [follow, () => latest] as const;
  }, [source$]);
  return useSyncExternalStore(subscribe, read, read);
}
