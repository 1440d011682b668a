import { lastValueFrom, ReplaySubject, skip, take, type Observable } from 'rxjs';

/** What a stream has told, and is yet to tell. */
export interface Recording<T> {
  /** So far. */
  readonly values: readonly T[];
  /** The `n`th value from the first, whether it has come or is yet to. */
  nth(n: number): Promise<T>;
  /** Resolves when the stream has completed, rejects with its error. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Subscribes at once, and keeps all that comes. */
export function record<T>(source$: Observable<T>): Recording<T> {
  const values: T[] = [];
  const all$ = new ReplaySubject<T>(Infinity);
  all$.subscribe({ next: (value) => values.push(value), error: () => {} });
  const subscription = source$.subscribe(all$);
  const ended = lastValueFrom(all$, { defaultValue: undefined });
  ended.catch(() => {});
  return {
    values,
    nth: (n) => lastValueFrom(all$.pipe(skip(n - 1), take(1))),
    ended,
    stop: () => subscription.unsubscribe(),
  };
}
