import type { Observable } from 'rxjs';
import { isObject } from '../util/isObject';

/** The recorded emissions of an Observable, with their times. */
export interface Watched<T> {
  /** Each emission as `[milliseconds, value]`. */
  readonly frames: readonly (readonly [number, T])[];
  /** The error that the Observable errored with. */
  readonly error: unknown;
  /** Whether the Observable has completed. */
  readonly completed: boolean;
  /**
   * Draws the emissions as a marble diagram in the syntax of RxJS, for any assertion library. Each character is a millisecond. A
   * longer silence is written as a time, as in `a 998ms b`, and emissions of the same millisecond are grouped, as in `(ab)`.
   * Silence at the end is left out.
   *
   * @param symbols - the character of each value, by the value's label: the value itself for strings, otherwise its `state`,
   * `kind` or `method`. A value without a symbol is drawn as `?`. Default: letters in the order of appearance.
   */
  marbles(symbols?: Readonly<Record<string, string>> | ((value: T) => string)): string;
  /** Unsubscribes from the Observable. */
  unsubscribe(): void;
}

/** Subscribes to an Observable and records its emissions. */
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

/** The maximum silence that is drawn as dashes, in milliseconds. A longer one is written as a time. */
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
