import type { FeedEntry } from './feedEntry';

/** Which entries are wanted. */
export interface FeedFilter {
  /** The servers whose notifications are left out. */
  readonly hidden: ReadonlySet<string>;
  /** What has to be in the method, in whatever case. */
  readonly method: string;
}

/** Whether an entry is wanted. */
export function matches({ hidden, method }: FeedFilter, entry: FeedEntry): boolean {
  return !hidden.has(entry.server) && entry.method.toLowerCase().includes(method.trim().toLowerCase());
}
