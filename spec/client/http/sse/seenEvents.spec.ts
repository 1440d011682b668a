import type { EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { createSeenEvents } from '../../../../lib/client/http/sse/seenEvents';

const fewestEvents = 4096;
const mostCharacters = 1024 * 1024;
const event = (id: number | string | undefined, data = `data of ${id}`) => ({
  id: id === undefined ? undefined : String(id),
  data,
  event: undefined,
});

/** Compares each event with all events before it. */
function createIsRepeated() {
  const isDuplicate = createSeenEvents();
  return (each: EventSourceMessage) => isDuplicate(each, true);
}

describe('createSeenEvents', () => {
  it('detects an event with a known id and known data', () => {
    const isRepeated = createIsRepeated();

    expect(isRepeated(event(1))).toBe(false);
    expect(isRepeated(event(2))).toBe(false);
    expect(isRepeated(event(1))).toBe(true);
    expect(isRepeated(event(2))).toBe(true);
  });

  it('accepts a known id with other data', () => {
    const isRepeated = createIsRepeated();

    expect(isRepeated(event(1, 'a'))).toBe(false);
    expect(isRepeated(event(1, 'b'))).toBe(false);
    expect(isRepeated(event(1, 'b'))).toBe(true);
  });

  it.each([undefined, ''])('accepts events without an id (%p)', (id) => {
    const isRepeated = createIsRepeated();

    expect(isRepeated(event(id, 'same'))).toBe(false);
    expect(isRepeated(event(id, 'same'))).toBe(false);
  });

  it('accepts events without data', () => {
    const isRepeated = createIsRepeated();

    expect(isRepeated(event(1, ''))).toBe(false);
    expect(isRepeated(event(1, ''))).toBe(false);
  });

  it('detects each event of a long replay', () => {
    const isRepeated = createIsRepeated();
    const ids = Array.from({ length: fewestEvents }, (_, index) => index);

    expect(ids.filter((id) => isRepeated(event(id)))).toEqual([]);
    expect(ids.filter((id) => isRepeated(event(id)))).toEqual(ids);
  });

  it('remembers thousands of events, within a limit', () => {
    const isRepeated = createIsRepeated();
    for (let id = 0; id <= 2 * fewestEvents; id++) isRepeated(event(id));

    expect(isRepeated(event(2 * fewestEvents))).toBe(true);
    expect(isRepeated(event(fewestEvents + 1))).toBe(true);
    expect(isRepeated(event(0))).toBe(false);
  });

  it('bounds the memory of large events', () => {
    const isRepeated = createIsRepeated();
    const large = 'x'.repeat(mostCharacters / 4);
    for (let id = 0; id < 5; id++) isRepeated(event(id, large));

    expect(isRepeated(event(4, large))).toBe(true);
    expect(isRepeated(event(0, large))).toBe(false);
  });

  it('bounds the memory of large ids', () => {
    const isRepeated = createIsRepeated();
    const large = 'x'.repeat(mostCharacters / 4);
    for (let id = 0; id < 5; id++) isRepeated(event(`${id}${large}`, 'x'));

    expect(isRepeated(event(`4${large}`, 'x'))).toBe(true);
    expect(isRepeated(event(`0${large}`, 'x'))).toBe(false);
  });

  it('accepts an event that exceeds the limit', () => {
    const isRepeated = createIsRepeated();
    const huge = 'x'.repeat(mostCharacters);

    expect(isRepeated(event(1))).toBe(false);
    expect(isRepeated(event(2, huge))).toBe(false);
    expect(isRepeated(event(2, huge))).toBe(false);
    expect(isRepeated(event(1))).toBe(true);
  });

  it('gives the same results as a list of all events within the limits', () => {
    const events = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 3 })), { maxLength: 200 });
    fc.assert(
      fc.property(events, (sequence) => {
        const isRepeated = createIsRepeated();
        const last = new Map<number, number>();
        for (const [id, data] of sequence) {
          expect(isRepeated(event(id, `data ${data}`))).toBe(last.get(id) === data);
          last.set(id, data);
        }
      }),
    );
  });

  it('detects an event of another stream, without comparing the events of one stream with each other', () => {
    const isDuplicate = createSeenEvents();

    expect(isDuplicate(event('of a call'), true)).toBe(false);
    expect(isDuplicate(event(1), false)).toBe(false);
    expect(isDuplicate(event(1), false)).toBe(false);
    expect(isDuplicate(event('of a call'), false)).toBe(true);
  });

  it('detects each event of a long replay of a stream', () => {
    const isDuplicate = createSeenEvents();
    const ids = Array.from({ length: 2 * fewestEvents }, (_, index) => index);
    for (const id of ids) isDuplicate(event(id), false);

    expect(ids.filter((id) => isDuplicate(event(id), true))).toEqual(ids);
  });

  it('bounds the memory of the events of a stream', () => {
    const isDuplicate = createSeenEvents();
    const large = 'x'.repeat(mostCharacters / 4);
    for (let id = 0; id <= 2 * fewestEvents; id++) isDuplicate(event(id), false);

    expect(isDuplicate(event(0), true)).toBe(false);

    for (let id = 0; id < 5; id++) isDuplicate(event(id, large), false);
    expect(isDuplicate(event(fewestEvents + 1), true)).toBe(false);
    expect(isDuplicate(event(0, large), true)).toBe(false);
    expect(isDuplicate(event(4, large), true)).toBe(true);
  });

  it('compares an event with all events before it, or with some of them', () => {
    const events = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 3 }), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(events, (sequence) => {
        const isDuplicate = createSeenEvents();
        const last = new Map<number, number>();
        const seen = new Set<string>();
        for (const [id, data, mayRepeat] of sequence) {
          const result = isDuplicate(event(id, `data ${data}`), mayRepeat);
          if (mayRepeat) expect(result).toBe(last.get(id) === data);
          else if (result) expect(seen).toContain(`${id} ${data}`);
          if (!result) last.set(id, data);
          seen.add(`${id} ${data}`);
        }
      }),
    );
  });
});
