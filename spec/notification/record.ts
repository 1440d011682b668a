import type { Observable } from 'rxjs';

/** Subscribes, and writes down what comes: values, the error, and `'complete'`. */
export function record(stream$: Observable<unknown>): unknown[] {
  const seen: unknown[] = [];
  stream$.subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  return seen;
}
