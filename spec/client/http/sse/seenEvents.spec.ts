import fc from 'fast-check';
import { createSeenEvents } from '../../../../lib/client/http/sse/seenEvents';

const fewestEvents = 4096;
const mostCharacters = 1024 * 1024;
const event = (id: number | string | undefined, data = `data of ${id}`) => ({
  id: id === undefined ? undefined : String(id),
  data,
  event: undefined,
});

describe('createSeenEvents', () => {
  it('detects an event with a known id and known data', () => {
    const isRepeated = createSeenEvents();

    expect(isRepeated(event(1))).toBe(false);
    expect(isRepeated(event(2))).toBe(false);
    expect(isRepeated(event(1))).toBe(true);
    expect(isRepeated(event(2))).toBe(true);
  });

  it('accepts a known id with other data', () => {
    const isRepeated = createSeenEvents();

    expect(isRepeated(event(1, 'a'))).toBe(false);
    expect(isRepeated(event(1, 'b'))).toBe(false);
    expect(isRepeated(event(1, 'b'))).toBe(true);
  });

  it.each([undefined, ''])('accepts events without an id (%p)', (id) => {
    const isRepeated = createSeenEvents();

    expect(isRepeated(event(id, 'same'))).toBe(false);
    expect(isRepeated(event(id, 'same'))).toBe(false);
  });

  it('accepts events without data', () => {
    const isRepeated = createSeenEvents();

    expect(isRepeated(event(1, ''))).toBe(false);
    expect(isRepeated(event(1, ''))).toBe(false);
  });

  it('detects each event of a long replay', () => {
    const isRepeated = createSeenEvents();
    const ids = Array.from({ length: fewestEvents }, (_, index) => index);

    expect(ids.filter((id) => isRepeated(event(id)))).toEqual([]);
    expect(ids.filter((id) => isRepeated(event(id)))).toEqual(ids);
  });

  it('remembers thousands of events, within a limit', () => {
    const isRepeated = createSeenEvents();
    for (let id = 0; id <= 2 * fewestEvents; id++) isRepeated(event(id));

    expect(isRepeated(event(2 * fewestEvents))).toBe(true);
    expect(isRepeated(event(fewestEvents + 1))).toBe(true);
    expect(isRepeated(event(0))).toBe(false);
  });

  it('bounds the memory of large events', () => {
    const isRepeated = createSeenEvents();
    const large = 'x'.repeat(mostCharacters / 4);
    for (let id = 0; id < 5; id++) isRepeated(event(id, large));

    expect(isRepeated(event(4, large))).toBe(true);
    expect(isRepeated(event(0, large))).toBe(false);
  });

  it('bounds the memory of large ids', () => {
    const isRepeated = createSeenEvents();
    const large = 'x'.repeat(mostCharacters / 4);
    for (let id = 0; id < 5; id++) isRepeated(event(`${id}${large}`, 'x'));

    expect(isRepeated(event(`4${large}`, 'x'))).toBe(true);
    expect(isRepeated(event(`0${large}`, 'x'))).toBe(false);
  });

  it('accepts an event that exceeds the limit', () => {
    const isRepeated = createSeenEvents();
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
        const isRepeated = createSeenEvents();
        const last = new Map<number, number>();
        for (const [id, data] of sequence) {
          expect(isRepeated(event(id, `data ${data}`))).toBe(last.get(id) === data);
          last.set(id, data);
        }
      }),
    );
  });
});
