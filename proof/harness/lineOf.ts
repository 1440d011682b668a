import type { Outcome } from './outcome';

/** A line for one outcome; of what went wrong, everything that was said. */
export function lineOf({ section, name, verdict, detail }: Outcome): string {
  return `${verdict.padEnd(8)}  ${section}: ${name}${detail && `  (${detail})`}`;
}
