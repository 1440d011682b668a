import type { LogEntry } from './backplane';

/** An entry that contains the position of the previous entry. */
export interface LinkedEntry extends LogEntry {
  readonly previous: string;
}

/**
 * Returns the entries up to the first one that does not follow its predecessor. Returns `undefined` if the first entry does not
 * follow `after`.
 */
export function takeContiguous(after: string, entries: readonly LinkedEntry[]): LogEntry[] | undefined {
  const result: LogEntry[] = [];
  let end = after;
  for (const { id, frame, previous } of entries) {
    if (end !== '0' && previous !== end) break;
    end = id;
    result.push({ id, frame });
  }
  return result.length > 0 ? result : undefined;
}
