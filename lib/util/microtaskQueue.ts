import { Observable, Subscription } from 'rxjs';

/** Defers subscriptions to a microtask, in order. */
export interface MicrotaskQueue {
  /**
   * Returns an Observable that subscribes to `source$` in a microtask. Unsubscribing before that has no effect on
   * `source$`, so that subscribing and unsubscribing in the same tick does nothing.
   */
  defer<T>(source$: Observable<T>): Observable<T>;
  /** Makes the deferred subscriptions now, so that the caller's next action cannot overtake them. */
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
