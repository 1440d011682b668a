import type { EventSourceMessage } from 'eventsource-parser';

/** How many events are remembered at the least, and at the most twice as many; and how many characters of them. */
const fewestEvents = 4_096;
const mostCharacters = 1024 * 1024;

/**
 * Tells whether an event has been seen before. A server may replay more than it was asked for, or send on two streams.
 * An id alone is no proof: servers that count per stream give the same id to different events. The same id with the same
 * data is a repetition.
 *
 * What is remembered is dropped by halves: to take out the oldest with each event that comes costs as much as reading it.
 */
export function createSeenEvents(): (event: EventSourceMessage) => boolean {
  let older: Map<string, string> | undefined;
  let newer = new Map<string, string>();
  let characters = 0;

  return ({ id, data }) => {
    if (!id || !data) return false;
    const size = id.length + data.length;
    if (size > mostCharacters / 2) return false;
    const known = newer.get(id) ?? older?.get(id);
    if (known === data) return true;
    if (newer.size >= fewestEvents || characters + size > mostCharacters / 2) {
      older = newer;
      newer = new Map();
      characters = 0;
    }
    newer.set(id, data);
    characters += size;
    return false;
  };
}
