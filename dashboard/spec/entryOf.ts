import { type FeedEntry, feedEntry } from '../model/feedEntry';

/** Creates an entry of the feed. */
export const entryOf = (id: number, method = 'custom/tick', server = 'one'): FeedEntry =>
  feedEntry(id, 1_000 + id, { server, notification: { method, params: { id } } });
