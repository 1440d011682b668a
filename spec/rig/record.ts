import { lastValueFrom, ReplaySubject, skip, take, type Observable } from 'rxjs';

/** The emissions of a stream. */
export interface Recording<T> {
  /** The values so far. */
  readonly values: T[];
  /** The values so far, then the error or `'complete'`. */
  readonly seen: unknown[];
  /** Resolves with the `n`th value, counted from the first. */
  nth(n: number): Promise<T>;
  /** Resolves when the stream completes, and rejects when it errors. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Subscribes immediately, and records all emissions. */
export function record<T>(source$: Observable<T>): Recording<T> {
  const values: T[] = [];
  const seen: unknown[] = [];
  const all$ = new ReplaySubject<T>(Infinity);
  all$.subscribe({
    next: (value) => {
      values.push(value);
      seen.push(value);
    },
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  const subscription = source$.subscribe(all$);
  const ended = lastValueFrom(all$, { defaultValue: undefined });
  ended.catch(() => {});
  return {
    values,
    seen,
    nth: (n) => lastValueFrom(all$.pipe(skip(n - 1), take(1))),
    ended,
    stop: () => subscription.unsubscribe(),
  };
}
