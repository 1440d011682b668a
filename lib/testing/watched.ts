import type { Observable } from 'rxjs';
import { isObject } from '../util/isObject';

/** The recorded emissions of an Observable. Created by {@link VirtualTime.watch}. */
export interface Watched<T> {
  /** The emissions so far, each as `[milliseconds, value]`. */
  readonly frames: readonly (readonly [number, T])[];
  /** The error of the Observable. `undefined` if it has not errored. */
  readonly error: unknown;
  /** Whether the Observable has completed. */
  readonly completed: boolean;
  /**
   * Returns the emissions as a marble diagram in the syntax of RxJS, to compare with any assertion library. Each
   * character is one millisecond. Longer periods without an emission are written as a time, as in `a 998ms b`.
   * Emissions in the same millisecond are grouped, as in `(ab)`. The time after the last emission is omitted.
   *
   * @param symbols - the character for each value, by label. The label of a string is the string itself; the label of
   *   an object is its `state`, `kind` or `method`. A value without a character is drawn as `?`. Alternatively, a
   *   function that returns the character for a value. Default: letters, in order of appearance.
   */
  marbles(symbols?: Readonly<Record<string, string>> | ((value: T) => string)): string;
  /** Unsubscribes from the Observable. */
  unsubscribe(): void;
}

/** Subscribes to an Observable, and records its emissions. */
export function createWatch<T>(source$: Observable<T>, now: () => number): Watched<T> {
  const frames: [number, T][] = [];
  const startedAt = now();
  let end: { at: number; error?: unknown } | undefined;
  let failure: unknown;
  const subscription = source$.subscribe({
    next: (value) => frames.push([now(), value]),
    error: (error: unknown) => {
      failure = error;
      end = { at: now(), error };
    },
    complete: () => {
      end = { at: now() };
    },
  });
  return {
    frames,
    get error() {
      return failure;
    },
    get completed() {
      return end !== undefined && !('error' in end);
    },
    marbles(symbols = lettersOf(frames.map(([, value]) => labelOf(value)))) {
      const draw = typeof symbols === 'function' ? symbols : (value: T) => symbols[labelOf(value)] ?? '?';
      const marbles: Marble[] = frames.map(([at, value]) => ({ at: at - startedAt, symbol: draw(value) }));
      if (end) marbles.push({ at: end.at - startedAt, symbol: 'error' in end ? '#' : '|' });
      return diagramOf(marbles);
    },
    unsubscribe: () => subscription.unsubscribe(),
  };
}

interface Marble {
  at: number;
  symbol: string;
}

/** The maximum time between emissions that is drawn as dashes, in milliseconds. A longer time is written as text. */
const maxDashes = 10;

function diagramOf(marbles: readonly Marble[]): string {
  const groups = new Map<number, string>();
  for (const { at, symbol } of marbles) groups.set(at, (groups.get(at) ?? '') + symbol);
  let diagram = '';
  let drawnUntil = 0;
  for (const [at, symbols] of groups) {
    const silence = Math.round(at - drawnUntil);
    const text = symbols.length > 1 ? `(${symbols})` : symbols;
    if (silence > maxDashes) diagram += `${diagram === '' ? '' : ' '}${silence}ms ${text}`;
    else diagram += '-'.repeat(Math.max(0, silence)) + text;
    drawnUntil = Math.max(drawnUntil, at) + text.length;
  }
  return diagram;
}

function labelOf(value: unknown): string {
  if (!isObject(value)) return String(value);
  const label = value['state'] ?? value['kind'] ?? value['method'];
  return typeof label === 'string' ? label : JSON.stringify(value);
}

function lettersOf(labels: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...new Set(labels)].map((label, index) => [label, String.fromCharCode(97 + (index % 26))]),
  );
}
