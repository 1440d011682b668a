import type { EventSourceMessage } from 'eventsource-parser';

/** What can be sent in a header everywhere, and is taken by every server: the shortest limit on all headers is 8 KiB. */
const place = /^[\t\x20-\x7e\x80-\xff]{1,4096}$/;

/**
 * The place in a stream after these events: the last id among them, or else the place before. None, if that id can not be
 * sent back: a request to go on from there would fail each time that it is made.
 */
export function lastEventIdOf(events: readonly EventSourceMessage[], before: string | undefined): string | undefined {
  let last = '';
  for (const { id } of events) if (id) last = id;
  if (!last) return before;
  return place.test(last) ? last : undefined;
}
