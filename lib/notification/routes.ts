import { Observable, type Subscriber } from 'rxjs';

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
  // Nothing stands between the Map and the subscribers, and nothing at all where there is only one: with ten thousand keys,
  // what a value costs is the memory that it touches on its way.
  const routes = new Map<K, Subscriber<T> | Subscriber<T>[]>();
  /** How many values are being sent: arrays are walked, and who leaves must not shift those behind. */
  let sending = 0;
  let idle = 0;
  let completed = false;

  function enter(key: K, subscriber: Subscriber<T>): void {
    const known = routes.get(key);
    if (known && !Array.isArray(known)) {
      routes.set(key, [known, subscriber]);
    } else if (known && known.length > 0) {
      known.push(subscriber);
    } else {
      if (known) idle--;
      routes.set(key, subscriber);
      changed?.();
    }
  }

  function leave(key: K, subscriber: Subscriber<T>): void {
    if (completed) return;
    const known = routes.get(key);
    if (Array.isArray(known) && known.length > 1) {
      if (sending === 0) known.splice(known.indexOf(subscriber), 1);
      else
        routes.set(
          key,
          known.filter((other) => other !== subscriber),
        );
      return;
    }
    routes.set(key, []);
    idle++;
    changed?.();
    if (idle <= Math.max(idleBound, routes.size / 2)) return;
    for (const [each, at] of routes) if (isIdle(at)) routes.delete(each);
    idle = 0;
  }

  return {
    at: (key) =>
      new Observable((subscriber) => {
        if (completed) {
          subscriber.complete();
          return;
        }
        enter(key, subscriber);
        return () => {
          leave(key, subscriber);
        };
      }),
    send: (key, value) => {
      const at = routes.get(key);
      if (!Array.isArray(at)) {
        at?.next(value);
        return;
      }
      // Who comes meanwhile is behind this, and hears the next one first.
      const { length } = at;
      sending++;
      for (let index = 0; index < length; index++) at[index]?.next(value);
      sending--;
    },
    keys: () => [...routes].filter(([, at]) => !isIdle(at)).map(([key]) => key),
    complete: () => {
      completed = true;
      for (const at of routes.values()) for (const subscriber of [at].flat()) subscriber.complete();
      routes.clear();
    },
  };
}

function isIdle(at: unknown): boolean {
  return Array.isArray(at) && at.length === 0;
}
