import { filter, firstValueFrom, startWith, Subject, timeout } from 'rxjs';

/** A state that changes, and can be waited for. */
export interface Tracked<T> {
  /** Changes the state. */
  note(change: () => void): void;
  /** Resolves when the predicate holds: now, or after a change. */
  until(holds: (state: T) => boolean): Promise<void>;
}

const timeoutMs = 20_000;

/** Makes changes of a mutable state awaitable. */
export function track<T>(state: T): Tracked<T> {
  const changed$ = new Subject<void>();
  return {
    note(change) {
      change();
      changed$.next();
    },
    async until(holds) {
      const held$ = changed$.pipe(
        startWith(undefined),
        filter(() => holds(state)),
        timeout({
          first: timeoutMs,
          with: () => {
            throw new Error(`not within ${timeoutMs} ms: ${String(holds)}\nstate: ${inspect(state)}`);
          },
        }),
      );
      await firstValueFrom(held$);
    },
  };
}

function inspect(state: unknown): string {
  const brief = (_: string, value: unknown): unknown => (value instanceof Error ? String(value) : value);
  return JSON.stringify(state, brief, 2);
}
