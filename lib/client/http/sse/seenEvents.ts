import type { EventSourceMessage } from 'eventsource-parser';

/** The minimum number of events to remember. The maximum is twice this number. */
const minEvents = 4_096;
/** The maximum size of half of the remembered events, in characters. */
const maxChars = 512 * 1024;

/**
 * Returns a function that remembers an event, and returns whether it is a duplicate. A server may replay more events
 * than requested, or send an event on two streams.
 *
 * An event is a duplicate if its id and its data were seen before. The id is not sufficient, because some servers
 * number events per stream.
 *
 * With `mayRepeat`, an event is compared with all remembered events. Otherwise, it is compared with those before the
 * last event with `mayRepeat`. This is faster, because it does not index the events since then.
 *
 * Old events are forgotten in batches, half of the memory at a time. Evicting one event for each new one would take as
 * long as parsing it.
 */
export function createSeenEvents(): (event: EventSourceMessage, mayRepeat: boolean) => boolean {
  let older: Map<string, string> | undefined;
  let newer: Map<string, string> | undefined;
  // The events that are not in `older` or `newer` yet: the id of each, followed by its data.
  let unindexedOlder: string[] = [];
  let unindexed: string[] = [];
  let characters = 0;

  return (event, mayRepeat) => {
    const { id, data } = event;
    if (!id || !data) return false;
    const size = id.length + data.length;
    if (size > maxChars) return false;
    if (mayRepeat) {
      older = indexOf(unindexedOlder, older);
      newer = indexOf(unindexed, newer);
    }
    if ((newer?.get(id) ?? older?.get(id)) === data) return true;
    if ((newer?.size ?? 0) + unindexed.length / 2 >= minEvents || characters + size > maxChars) {
      older = newer;
      unindexedOlder = unindexed;
      newer = undefined;
      unindexed = [];
      characters = 0;
    }
    if (mayRepeat) (newer ??= new Map<string, string>()).set(id, data);
    else unindexed.push(id, data);
    characters += size;
    return false;
  };
}

/** Moves events to an index. */
function indexOf(events: string[], index: Map<string, string> | undefined): Map<string, string> | undefined {
  if (events.length === 0) return index;
  const completed = index ?? new Map<string, string>();
  for (let i = 0; i < events.length; i += 2) completed.set(events[i] ?? '', events[i + 1] ?? '');
  events.length = 0;
  return completed;
}
