import { finalize, type Observable } from 'rxjs';

/** Observables by key. */
export interface SharedViews<T> {
  /** Returns the same Observable for a key as long as that Observable is referenced or subscribed to. */
  open$(key: string, create$: () => Observable<T>): Observable<T>;
}

export function createSharedViews<T>(): SharedViews<T> {
  const views = new Map<string, WeakRef<Observable<T>>>();
  const registry = new FinalizationRegistry<string>((key) => {
    if (!views.get(key)?.deref()) views.delete(key);
  });
  return {
    open$(key, create$) {
      const known$ = views.get(key)?.deref();
      if (known$) return known$;
      const view$: Observable<T> = create$().pipe(
        // This callback references `view$`, so `view$` is not garbage-collected while it has a subscriber.
        finalize(() => void views.set(key, new WeakRef(view$))),
      );
      views.set(key, new WeakRef(view$));
      registry.register(view$, key);
      return view$;
    },
  };
}
