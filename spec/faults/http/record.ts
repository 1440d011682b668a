import { filter, firstValueFrom, startWith, Subject, timeout } from 'rxjs';

/** Something that keeps what it sees, and can be waited for. */
export interface Recording<T> {
  /** Keeps what there is to keep, then looks who is waiting for it. */
  note(change: () => void): void;
  /** Resolves when this holds of what was seen: now, or after anything that comes. */
  until(holds: (seen: T) => boolean): Promise<void>;
}

/** Milliseconds before it is said what has not come. */
const patience = 12_000;

/** Makes what was seen something to wait for. */
export function record<T>(seen: T): Recording<T> {
  const changed$ = new Subject<void>();
  return {
    note(change) {
      change();
      changed$.next();
    },
    async until(holds) {
      const held$ = changed$.pipe(
        startWith(undefined),
        filter(() => holds(seen)),
        timeout({
          first: patience,
          with: () => {
            throw new Error(`Not within ${patience} ms: ${String(holds)}\nSeen: ${inspect(seen)}`);
          },
        }),
      );
      await firstValueFrom(held$);
    },
  };
}

function inspect(seen: unknown): string {
  const brief = (_: string, value: unknown): unknown => (value instanceof Error ? String(value) : value);
  return JSON.stringify(seen, brief, 2);
}
