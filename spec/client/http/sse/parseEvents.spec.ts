import type { EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { concat, from, lastValueFrom, mergeAll, NEVER, of, Subject, throwError, toArray } from 'rxjs';
import { readChunks } from '../../../../lib/client/http/sse/readChunks';
import { maxMessageLength, parseEvents } from '../../../../lib/client/http/sse/parseEvents';
import { bodyOf } from '../../wire/http/bodyOf';
import { cut } from '../../wire/http/cut';

const noRetry = (): void => undefined;

const parsed = (pieces: readonly (string | Uint8Array)[], onRetry = noRetry): Promise<EventSourceMessage[]> =>
  lastValueFrom(readChunks(bodyOf(pieces)).pipe(parseEvents(onRetry), mergeAll(), toArray()));

const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n\0]/g, ''));
const block = fc.oneof(
  fc.record({
    kind: fc.constant('event' as const),
    id: fc.option(line, { nil: undefined }),
    event: fc.option(line, { nil: undefined }),
    data: fc.array(line, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('comment' as const), text: line }),
  fc.record({ kind: fc.constant('retry' as const), delay: fc.nat() }),
);
const stream = fc.record({
  blocks: fc.array(block, { maxLength: 12 }),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  byteOrderMark: fc.boolean(),
});

type Streamed = typeof stream extends fc.Arbitrary<infer T> ? T : never;

function write({ blocks, newline, byteOrderMark }: Streamed): string {
  const lines = blocks.flatMap((each) => {
    switch (each.kind) {
      case 'comment':
        return [`:${each.text}`, ''];
      case 'retry':
        return [`retry: ${each.delay}`, ''];
      default: {
        const id = each.id === undefined ? [] : [`id: ${each.id}`];
        const type = each.event === undefined ? [] : [`event: ${each.event}`];
        return [...id, ...type, ...each.data.map((data) => `data: ${data}`), ''];
      }
    }
  });
  // An additional line, so that no stream ends in a lone CR, which could be half of a line ending.
  return `${byteOrderMark ? '\uFEFF' : ''}${lines.map((text) => text + newline).join('')}:${newline}`;
}

describe('parseEvents', () => {
  it('emits the same events for any chunking', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(), { maxLength: 40 }), async (streamed, places) => {
        const expected = streamed.blocks.flatMap((each) =>
          each.kind === 'event'
            ? [{ id: each.id, event: each.event === '' ? undefined : each.event, data: each.data.join('\n') }]
            : [],
        );
        const retries: number[] = [];
        const events = await parsed(cut(write(streamed), places), (delay?: number) => void retries.push(Number(delay)));

        expect(events.map(({ id, event, data }) => ({ id, event, data }))).toEqual(expected);
        expect(retries).toEqual(streamed.blocks.flatMap((each) => (each.kind === 'retry' ? [each.delay] : [])));
      }),
    );
  });

  it('joins a character that is split between chunks', async () => {
    const text = 'data: häß → 😀\n\n';
    const bytes = [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));

    expect(await parsed(bytes)).toMatchObject([{ data: 'häß → 😀' }]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('accepts lines that end in %s, and multi-line data', async (_, end) => {
    const text = ['id: 7', 'event: message', 'data: one', 'data: two', '', ':', ''].join(end);

    expect(await parsed(cut(text, [3, 12, 13, 14, 30, 31, 32]))).toMatchObject([
      { id: '7', event: 'message', data: 'one\ntwo' },
    ]);
  });

  it('ignores a byte order mark at the start only', async () => {
    expect(await parsed(['\uFEFFdata: \uFEFFa\n\n'])).toMatchObject([{ data: '\uFEFFa' }]);
  });

  it('drops an unfinished event', async () => {
    expect(await parsed(['data: whole\n\ndata: half\n'])).toMatchObject([{ data: 'whole' }]);
  });

  it('emits an event with an id and no data', async () => {
    expect(await parsed(['id: 1\ndata:\n\n'])).toMatchObject([{ id: '1', data: '' }]);
  });

  it('emits the events before an error, then the error', () => {
    const failure = new Error('broken');
    const seen: unknown[] = [];

    concat(
      of('data: 1\n\nda'),
      throwError(() => failure),
    )
      .pipe(parseEvents(noRetry), mergeAll())
      .subscribe({ next: ({ data }) => seen.push(data), error: (error: unknown) => seen.push(error) });

    expect(seen).toEqual(['1', failure]);
  });

  it('unsubscribes from its source', () => {
    const chunks$ = new Subject<string>();
    const seen: string[] = [];
    const subscription = chunks$.pipe(parseEvents(noRetry)).subscribe((events) => {
      seen.push(events.map(({ data }) => data).join());
      subscription.unsubscribe();
    });

    chunks$.next('data: 1\n\ndata: 2\n\ndata: 3');
    chunks$.next('\n\ndata: 4\n\n');

    expect(seen).toEqual(['1,2']);
    expect(chunks$.observed).toBe(false);
  });

  it('starts over for each subscriber', async () => {
    const events$ = from(['data: half']).pipe(parseEvents(noRetry), toArray());

    expect(await lastValueFrom(events$)).toEqual([]);
    expect(await lastValueFrom(events$)).toEqual([]);
  });

  it('emits the events of a chunk together, and nothing for a chunk without a complete event', () => {
    const seen: string[][] = [];
    from(['data: 1\n\ndata: 2\n\nda', 'ta: ', '3\n\n'])
      .pipe(parseEvents(noRetry))
      .subscribe((events) => seen.push(events.map(({ data }) => data)));

    expect(seen).toEqual([['1', '2'], ['3']]);
  });

  it('errors on an endless event', () => {
    const chunk = 'x'.repeat(1024 * 1024);
    const chunks = Array.from({ length: maxMessageLength / chunk.length + 1 }, () => chunk);
    const errors: unknown[] = [];

    concat(of('data: '), from(chunks), NEVER)
      .pipe(parseEvents(noRetry))
      .subscribe({ error: (error: unknown) => errors.push(error) });

    expect(errors).toMatchObject([{ message: expect.stringContaining('exceeds') }]);
  });

  it('errors on an endless event with comments', () => {
    const piece = `data: ${'x'.repeat(1024 * 1024)}\n:\n`;
    const pieces = Array.from({ length: maxMessageLength / 1024 / 1024 + 1 }, () => piece);
    const errors: unknown[] = [];

    concat(from(pieces), NEVER)
      .pipe(parseEvents(noRetry))
      .subscribe({ error: (error: unknown) => errors.push(error) });

    expect(errors).toMatchObject([{ message: expect.stringContaining('exceeds') }]);
  });

  it('accepts any number of events', () => {
    const event = `data: ${'x'.repeat(1024 * 1024)}\n\n`;
    let count = 0;

    from(Array.from({ length: maxMessageLength / event.length + 2 }, () => event))
      .pipe(parseEvents(noRetry))
      .subscribe(({ length }) => (count += length));

    expect(count).toBe(Math.floor(maxMessageLength / event.length + 2));
  });
});
