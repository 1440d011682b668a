import { type FeedEntry, feedEntry } from '../model/feedEntry';

/** An entry of the feed with a number, from a server. */
export const entryOf = (id: number, method = 'custom/tick', server = 'one'): FeedEntry =>
  feedEntry(id, 1_000 + id, { server, notification: { method, params: { id } } });
