import type { EventSourceMessage } from 'eventsource-parser';

/** The minimum number of events to remember. The maximum is twice this number. */
const minEvents = 4_096;
const maxChars = 1024 * 1024;

/**
 * Returns a function that detects duplicate events. A server may replay more events than requested, or send an event on
 * two streams.
 *
 * An event is a duplicate if its id and its data were seen before. The id is not sufficient, because some servers
 * number events per stream.
 *
 * Old events are forgotten in batches, half of the memory at a time. Evicting one event for each new one would take as
 * long as parsing it.
 */
export function createSeenEvents(): (event: EventSourceMessage) => boolean {
  let older: Map<string, string> | undefined;
  let newer: Map<string, string> | undefined;
  let characters = 0;

  return ({ id, data }) => {
    if (!id || !data) return false;
    const size = id.length + data.length;
    if (size > maxChars / 2) return false;
    const known = newer?.get(id) ?? older?.get(id);
    if (known === data) return true;
    if (!newer || newer.size >= minEvents || characters + size > maxChars / 2) {
      older = newer;
      newer = new Map();
      characters = 0;
    }
    newer.set(id, data);
    characters += size;
    return false;
  };
}
