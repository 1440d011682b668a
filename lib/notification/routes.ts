import { Observable, type Subscriber } from 'rxjs';

/** How many routes without subscribers are kept before they are swept out, at the least. */
const idleBound = 64;

/**
 * Subscribers by key: a value that has a key costs as much as its own subscribers, however many others there are.
 *
 * A route that loses its last subscriber stays for a while. Deleting and adding the same key over and over leaves dead
 * entries behind in a Map's buckets, and looking that key up then costs as much as there are of them.
 */
export class Routes<K, T> {
  // Nothing stands between the Map and the subscribers, and nothing at all where there is only one: with ten thousand keys,
  // what a value costs is the memory that it touches on its way.
  readonly #routes = new Map<K, Subscriber<T> | Subscriber<T>[]>();
  readonly #changed: (() => void) | undefined;
  /** How many values are being sent: arrays are walked, and who leaves must not shift those behind. */
  #sending = 0;
  #idle = 0;
  #completed = false;

  /**
   * @param changed - is called each time a key gets its first subscriber, or loses its last.
   */
  constructor(changed?: () => void) {
    this.#changed = changed;
  }

  /** Hot; what is sent under `key`. Never errors; completes with {@link Routes.complete}, at once when that has been. */
  at(key: K): Observable<T> {
    return new Observable((subscriber) => {
      if (this.#completed) {
        subscriber.complete();
        return;
      }
      this.#enter(key, subscriber);
      return () => {
        this.#leave(key, subscriber);
      };
    });
  }

  /** Emits `value` to the subscribers of `key`, and to nobody else. */
  send(key: K, value: T): void {
    const at = this.#routes.get(key);
    if (!Array.isArray(at)) {
      at?.next(value);
      return;
    }
    // Who comes meanwhile is behind this, and hears the next one first.
    const { length } = at;
    this.#sending++;
    for (let index = 0; index < length; index++) at[index]?.next(value);
    this.#sending--;
  }

  /** The keys that somebody is subscribed to now. */
  keys(): K[] {
    return [...this.#routes].filter(([, at]) => !isIdle(at)).map(([key]) => key);
  }

  /** Completes all subscribers, and those to come. */
  complete(): void {
    this.#completed = true;
    for (const at of this.#routes.values()) for (const subscriber of [at].flat()) subscriber.complete();
    this.#routes.clear();
  }

  #enter(key: K, subscriber: Subscriber<T>): void {
    const known = this.#routes.get(key);
    if (known && !Array.isArray(known)) {
      this.#routes.set(key, [known, subscriber]);
    } else if (known && known.length > 0) {
      known.push(subscriber);
    } else {
      if (known) this.#idle--;
      this.#routes.set(key, subscriber);
      this.#changed?.();
    }
  }

  #leave(key: K, subscriber: Subscriber<T>): void {
    if (this.#completed) return;
    const known = this.#routes.get(key);
    if (Array.isArray(known) && known.length > 1) {
      if (this.#sending === 0) known.splice(known.indexOf(subscriber), 1);
      else
        this.#routes.set(
          key,
          known.filter((other) => other !== subscriber),
        );
      return;
    }
    this.#routes.set(key, []);
    this.#idle++;
    this.#changed?.();
    if (this.#idle <= Math.max(idleBound, this.#routes.size / 2)) return;
    for (const [each, at] of this.#routes) if (isIdle(at)) this.#routes.delete(each);
    this.#idle = 0;
  }
}

function isIdle(at: unknown): boolean {
  return Array.isArray(at) && at.length === 0;
}
