import { Observable, Subscription } from 'rxjs';

/** Runs actions in a microtask, in order. */
export interface MicrotaskQueue {
  /**
   * Defers the subscription to a microtask. A subscriber that unsubscribes earlier never subscribes to the source, so subscribing
   * and unsubscribing in the same tick has no effect.
   */
  defer<T>(source$: Observable<T>): Observable<T>;
  /** Runs the deferred actions now, so that the caller's next action cannot overtake them. */
  flush(): void;
}

/** Creates an empty queue. */
export function createMicrotaskQueue(): MicrotaskQueue {
  let waiting: (() => void)[] = [];

  function flush(): void {
    const due = waiting;
    waiting = [];
    for (const action of due) action();
  }

  return {
    defer: (source$) =>
      new Observable((subscriber) => {
        const subscription = new Subscription();
        if (waiting.length === 0) queueMicrotask(flush);
        waiting.push(() => {
          if (!subscription.closed) subscription.add(source$.subscribe(subscriber));
        });
        return subscription;
      }),
    flush,
  };
}
