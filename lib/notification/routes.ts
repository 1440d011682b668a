import { Observable, type Subscriber, type Unsubscribable } from 'rxjs';

/** Up to this number, routes without subscribers are kept. */
const minIdleRoutes = 64;

/**
 * A multicast by key. The time to send a value depends on the number of subscribers of its key, not of all subscribers.
 *
 * A route is kept for a while after its last subscriber has unsubscribed. Deleting and adding the same key repeatedly
 * would slow down the lookups of the Map.
 */
export class Routes<K, T> {
  // A single subscriber is stored without an array: with ten thousand keys, memory access dominates the time to send a
  // value.
  #routes: Map<K, Subscriber<T> | Subscriber<T>[]> | undefined;
  readonly #changed: (() => void) | undefined;
  /** The number of nested `send` calls. While it is not 0, arrays must not be modified in place. */
  #sending = 0;
  #idle = 0;
  #isCompleted = false;

  /** @param changed - called when a key gets its first subscriber or loses its last one. */
  constructor(changed?: () => void) {
    this.#changed = changed;
  }

  /**
   * Returns the values that are sent for any of the keys. Hot. Completes with {@link Routes.complete}, or immediately
   * if that was called before. Never errors.
   */
  at(...keys: K[]): Observable<T> {
    return new Observable((subscriber) => {
      if (this.#isCompleted) {
        subscriber.complete();
        return;
      }
      for (const key of keys) {
        this.#add(key, subscriber);
        subscriber.add(new Member(this, key, subscriber));
      }
    });
  }

  /** Emits `value` to the subscribers of `key`. */
  send(key: K, value: T): void {
    const at = this.#routes?.get(key);
    if (!Array.isArray(at)) {
      at?.next(value);
      return;
    }
    // Subscribers that are added during the loop receive the next value first.
    const { length } = at;
    this.#sending++;
    for (let index = 0; index < length; index++) at[index]?.next(value);
    this.#sending--;
  }

  /** Returns the keys that have a subscriber. */
  keys(): K[] {
    return [...(this.#routes ?? [])].filter(([, at]) => !isIdle(at)).map(([key]) => key);
  }

  /** The number of routes, including those that are kept without a subscriber. */
  get size(): number {
    return this.#routes?.size ?? 0;
  }

  /** Completes all current and future subscribers. */
  complete(): void {
    this.#isCompleted = true;
    const routes = this.#routes;
    this.#routes = undefined;
    for (const at of routes?.values() ?? []) for (const subscriber of [at].flat()) subscriber.complete();
  }
  remove(key: K, subscriber: Subscriber<T>): void {
    const routes = this.#routes;
    if (!routes) return;
    const known = routes.get(key);
    if (Array.isArray(known) && known.length > 1) {
      if (this.#sending === 0) known.splice(known.indexOf(subscriber), 1);
      else
        routes.set(
          key,
          known.filter((other) => other !== subscriber),
        );
      return;
    }
    routes.set(key, []);
    this.#idle++;
    this.#changed?.();
    if (this.#idle <= Math.max(minIdleRoutes, routes.size / 2)) return;
    for (const [each, at] of routes) if (isIdle(at)) routes.delete(each);
    this.#idle = 0;
  }

  #add(key: K, subscriber: Subscriber<T>): void {
    const routes = (this.#routes ??= new Map<K, Subscriber<T> | Subscriber<T>[]>());
    const known = routes.get(key);
    if (known && !Array.isArray(known)) {
      routes.set(key, [known, subscriber]);
    } else if (known && known.length > 0) {
      known.push(subscriber);
    } else {
      if (known) this.#idle--;
      routes.set(key, subscriber);
      this.#changed?.();
    }
  }
}

/**
 * The subscription of one subscriber. A class instead of a closure, to save memory: a session may have ten thousand of
 * them.
 */
class Member<K, T> implements Unsubscribable {
  readonly #routes: Routes<K, T>;
  readonly #key: K;
  readonly #subscriber: Subscriber<T>;

  constructor(routes: Routes<K, T>, key: K, subscriber: Subscriber<T>) {
    this.#routes = routes;
    this.#key = key;
    this.#subscriber = subscriber;
  }

  unsubscribe(): void {
    this.#routes.remove(this.#key, this.#subscriber);
  }
}

function isIdle(at: unknown): boolean {
  return Array.isArray(at) && at.length === 0;
}
