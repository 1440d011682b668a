import { Observable, Subject } from 'rxjs';

/** How many routes without subscribers are kept before they are swept out, at the least. */
const idleBound = 64;

/** Subscribers by key: a value that has a key costs as much as its own subscribers, however many others there are. */
export interface Routes<K, T> {
  /** Hot; what is sent under `key`. Never errors; completes with {@link Routes.complete}, at once when that has been. */
  at(key: K): Observable<T>;
  /** Emits `value` to the subscribers of `key`, and to nobody else. */
  send(key: K, value: T): void;
  /** The keys that somebody is subscribed to now. */
  keys(): K[];
  /** Completes all subscribers, and those to come. */
  complete(): void;
}

/**
 * A route that loses its last subscriber stays for a while. Deleting and adding the same key over and over leaves dead
 * entries behind in a Map's buckets, and looking that key up then costs as much as there are of them.
 *
 * @param changed - is called each time a key gets its first subscriber, or loses its last.
 */
export function createRoutes<K, T>(changed?: () => void): Routes<K, T> {
  const routes = new Map<K, Subject<T>>();
  let idle = 0;
  let completed = false;

  function enter(key: K): Subject<T> {
    const known$ = routes.get(key);
    if (known$) {
      if (!known$.observed) idle--;
      return known$;
    }
    const route$ = new Subject<T>();
    routes.set(key, route$);
    return route$;
  }

  function leave(route$: Subject<T>): void {
    if (route$.observed || completed) return;
    idle++;
    changed?.();
    if (idle <= Math.max(idleBound, routes.size / 2)) return;
    for (const [key, { observed }] of routes) if (!observed) routes.delete(key);
    idle = 0;
  }

  return {
    at: (key) =>
      new Observable((subscriber) => {
        if (completed) {
          subscriber.complete();
          return;
        }
        const route$ = enter(key);
        const isFirst = !route$.observed;
        route$.subscribe(subscriber);
        if (isFirst) changed?.();
        // By then the subscriber is gone from the route: what was added to it first ends first.
        return () => leave(route$);
      }),
    send: (key, value) => {
      routes.get(key)?.next(value);
    },
    keys: () => [...routes].filter(([, { observed }]) => observed).map(([key]) => key),
    complete: () => {
      completed = true;
      for (const route$ of routes.values()) route$.complete();
      routes.clear();
    },
  };
}
