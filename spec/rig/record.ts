import { lastValueFrom, ReplaySubject, skip, take, type Observable } from 'rxjs';

/** What a stream has emitted, and emits. */
export interface Recording<T> {
  /** The values so far. */
  readonly values: T[];
  /** The values so far, then the error or `'complete'`. */
  readonly seen: unknown[];
  /** The `n`th value from the first, now or later. */
  nth(n: number): Promise<T>;
  /** Resolves when the stream completes, rejects with its error. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** Subscribes immediately, and keeps everything that is emitted. */
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
