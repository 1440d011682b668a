import type { EventSourceMessage } from 'eventsource-parser';

/** How many events are remembered, and how many characters of them. */
const mostEvents = 4_096;
const mostCharacters = 1024 * 1024;

/**
 * Tells whether an event has been seen before. A server may replay more than it was asked for, or send on two streams.
 * An id alone is no proof: servers that count per stream give the same id to different events. The same id with the same
 * data is a repetition.
 */
export function createRepetition(): (event: EventSourceMessage) => boolean {
  const seen = new Map<string, string>();
  let characters = 0;

  return ({ id, data }) => {
    if (!id || !data) return false;
    const known = seen.get(id);
    if (known === data) return true;
    characters += data.length - (known?.length ?? 0);
    seen.delete(id);
    seen.set(id, data);
    for (const [oldest, { length }] of seen) {
      if (seen.size <= mostEvents && characters <= mostCharacters) break;
      seen.delete(oldest);
      characters -= length;
    }
    return false;
  };
}
