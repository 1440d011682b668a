import type { LogEntry } from './backplane';

/** An entry with the position of the previous entry. */
export interface LinkedEntry extends LogEntry {
  readonly previous: string;
}

/**
 * Returns the entries before the first gap in a log. Returns `undefined` if there is a gap between `after` and the
 * first entry.
 */
export function takeContiguous(after: string, entries: readonly LinkedEntry[]): LinkedEntry[] | undefined {
  const result: LinkedEntry[] = [];
  let end = after;
  for (const { id, frame, previous } of entries) {
    if (end !== '0' && previous !== end) break;
    end = id;
    result.push({ id, frame, previous });
  }
  return result.length > 0 ? result : undefined;
}
