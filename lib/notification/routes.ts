import { Observable, type Subscriber, type Unsubscribable } from 'rxjs';

/** The minimum number of routes without subscribers that are kept. */
const minIdleRoutes = 64;

/**
 * Subscribers by key. Sending a value costs time proportional to the subscribers of its key, not to all subscribers.
 *
 * A route is kept for a while after its last subscriber has unsubscribed. Repeatedly deleting and adding a key would leave dead
 * entries in the Map's buckets, which slow down lookups of that key.
 */
export class Routes<K, T> {
  // The Map holds subscribers directly, and a single subscriber without an array: with ten thousand keys, memory access dominates
  // the cost of sending a value.
  #routes: Map<K, Subscriber<T> | Subscriber<T>[]> | undefined;
  readonly #changed: (() => void) | undefined;
  /** The number of nested `send` calls. While it is positive, arrays must not be modified in place. */
  #sending = 0;
  #idle = 0;
  #completed = false;

  /**
   * @param changed - called when a key gains its first subscriber or loses its last.
   */
  constructor(changed?: () => void) {
    this.#changed = changed;
  }

  /** Emits the values sent for `key`. Hot. Completes with {@link Routes.complete}, immediately if already called. Never errors. */
  at(key: K): Observable<T> {
    return new Observable((subscriber) => {
      if (this.#completed) {
        subscriber.complete();
        return;
      }
      this.#add(key, subscriber);
      subscriber.add(new Member(this, key, subscriber));
    });
  }

  /** Emits `value` to the subscribers of `key`. */
  send(key: K, value: T): void {
    const at = this.#routes?.get(key);
    if (!Array.isArray(at)) {
      at?.next(value);
      return;
    }
    // Subscribers that are added during the loop start with the next value.
    const { length } = at;
    this.#sending++;
    for (let index = 0; index < length; index++) at[index]?.next(value);
    this.#sending--;
  }

  /** The keys that have a subscriber. */
  keys(): K[] {
    return [...(this.#routes ?? [])].filter(([, at]) => !isIdle(at)).map(([key]) => key);
  }

  /** The number of keys, including those that lost their last subscriber recently. */
  get size(): number {
    return this.#routes?.size ?? 0;
  }

  /** Completes all current and future subscribers. */
  complete(): void {
    this.#completed = true;
    const routes = this.#routes;
    this.#routes = undefined;
    for (const at of routes?.values() ?? []) for (const subscriber of [at].flat()) subscriber.complete();
  }

  /** Removes a subscriber of `key`. */
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

/** A subscriber of a key. A class instead of a closure: a session may have ten thousand of them. */
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
