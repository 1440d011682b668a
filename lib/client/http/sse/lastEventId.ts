import type { EventSourceMessage } from 'eventsource-parser';

/** Ids that are valid in a header and short enough for every server: the smallest common limit for all headers is 8 KiB. */
const sendableId = /^[\t\x20-\x7e\x80-\xff]{1,4096}$/;

/**
 * Returns the `Last-Event-ID` to resume with after these events: the last id among them, otherwise `previous`. Returns
 * `undefined` if that id cannot be sent in a header, because every attempt to resume would fail.
 */
export function lastEventIdOf(events: readonly EventSourceMessage[], previous: string | undefined): string | undefined {
  let last = '';
  for (const { id } of events) if (id) last = id;
  if (!last) return previous;
  return sendableId.test(last) ? last : undefined;
}
