import { Observable, Subscription } from 'rxjs';

/** Runs actions in a microtask, in order. */
export interface MicrotaskQueue {
  /**
   * Defers the subscription to a microtask. Unsubscribing before that does nothing, so subscribing and unsubscribing in one
   * tick has no effect.
   */
  defer<T>(source$: Observable<T>): Observable<T>;
  /** Runs what is deferred now, so that what follows does not overtake it. */
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
