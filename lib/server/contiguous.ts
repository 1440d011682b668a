import type { LogEntry } from './backplane';

/** An entry that knows the position of the entry before it. */
export interface LinkedEntry extends LogEntry {
  readonly previous: string;
}

/** Returns the entries up to the first that does not follow the one before; `undefined` when the first does not follow `after`. */
export function contiguous(after: string, entries: readonly LinkedEntry[]): LogEntry[] | undefined {
  const result: LogEntry[] = [];
  let end = after;
  for (const { id, frame, previous } of entries) {
    if (end !== '0' && previous !== end) break;
    end = id;
    result.push({ id, frame });
  }
  return result.length > 0 ? result : undefined;
}
