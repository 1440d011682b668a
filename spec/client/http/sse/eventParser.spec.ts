import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { EventParser } from '../../../../lib/client/http/sse/eventParser';
import { cut } from '../../wire/http/cut';

/** Text in which fields, line endings and parts of them are frequent. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('data:', 'id:', 'event:', 'retry:', 'other:', ':', 'data', 'id', 'event', 'retry', 'da', 'datas'),
      fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\n\r\n', '\r\r', '\n\r'),
      fc.constantFrom(' ', '  ', '0', '42', 'x', '\0', 'ä', '😀', 'message'),
    ),
    { maxLength: 60 },
  )
  .map((tokens) => tokens.join(''));

const decoder = new TextDecoder();
const chunksOf = (whole: string, places: readonly number[]): string[] =>
  cut(whole, places).map((chunk) => decoder.decode(chunk, { stream: true }));

describe('EventParser', () => {
  it('emits the same events and delays as eventsource-parser, for any chunking', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 30 }), (random, places) => {
        const whole = `${random}\n\n`;
        const expected: EventSourceMessage[] = [];
        const expectedDelays: number[] = [];
        createParser({
          onEvent: (event) => expected.push(event),
          onRetry: (delay) => expectedDelays.push(delay),
        }).feed(whole);
        const delays: number[] = [];
        const parser = new EventParser((delay) => delays.push(delay));

        const events = chunksOf(whole, places).flatMap((chunk) => parser.feed(chunk) ?? []);

        expect(events).toEqual(expected);
        expect(delays).toEqual(expectedDelays);
      }),
      { numRuns: 2_000 },
    );
  });

  it('returns undefined for a chunk in which no event ends', () => {
    const parser = new EventParser(() => undefined);

    expect(parser.feed('data: 1\n')).toBeUndefined();
    expect(parser.feed('\n')).toEqual([{ data: '1' }]);
  });

  it('reads a line that arrives in many chunks', () => {
    const parser = new EventParser(() => undefined);
    const digits = '0123456789'.repeat(20_000);

    parser.feed('data: ');
    for (const digit of digits) parser.feed(digit);

    expect(parser.feed('\n\n')).toEqual([{ data: digits }]);
  });
});
