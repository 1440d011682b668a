/** An event on a stream, with its time. */
export interface Moment {
  /** The frame, from 0. */
  readonly frame: number;
  readonly kind: 'value' | 'moment' | 'complete' | 'error' | 'unsubscribe';
  readonly letter: string;
}

const kinds = new Map<string, Moment['kind']>([
  ['|', 'complete'],
  ['#', 'error'],
  ['!', 'unsubscribe'],
  ['x', 'moment'],
]);

/** Parses a line of marbles. As in RxJS, everything between brackets happens at the time of the opening bracket. */
export function momentsOf(marbles: string): Moment[] {
  const moments: Moment[] = [];
  let opened: number | undefined;
  for (const [at, letter] of Array.from(marbles).entries()) {
    if (letter === '(') opened = at;
    else if (letter === ')') opened = undefined;
    else if (letter !== '-' && letter !== '.') {
      moments.push({ frame: opened ?? at, kind: kinds.get(letter) ?? 'value', letter });
    }
  }
  return moments;
}
