import type { FeedEntry } from './feedEntry';

/** Selects entries. */
export interface FeedFilter {
  /** The servers whose entries are hidden. */
  readonly hidden: ReadonlySet<string>;
  /** Text that the method must contain, ignoring case. */
  readonly method: string;
}

/** Whether an entry matches a filter. */
export function matches({ hidden, method }: FeedFilter, entry: FeedEntry): boolean {
  return !hidden.has(entry.server) && entry.method.toLowerCase().includes(method.trim().toLowerCase());
}
