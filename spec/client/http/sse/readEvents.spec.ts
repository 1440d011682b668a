import type { EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { asyncScheduler, firstValueFrom, lastValueFrom, mergeAll, take, toArray } from 'rxjs';
import { maxMessageLength } from '../../../../lib/client/http/sse/eventParser';
import { readEvents, type RetryHint } from '../../../../lib/client/http/sse/readEvents';
import { bodyOf } from '../../wire/http/bodyOf';
import { cut } from '../../wire/http/cut';

/** Reads a body that ends after these pieces. */
const read$ = (pieces: readonly (string | Uint8Array)[], hint: RetryHint = {}) =>
  readEvents(bodyOf(pieces), { hint, scheduler: asyncScheduler, mayEnd: () => true });

const parsed = (pieces: readonly (string | Uint8Array)[], hint?: RetryHint): Promise<EventSourceMessage[]> =>
  lastValueFrom(read$(pieces, hint).pipe(mergeAll(), toArray()));

/** Opens a body that stays open, and the controller that writes to it. */
function openBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
    cancel: () => {
      cancelled = true;
    },
  });
  const encoder = new TextEncoder();
  return {
    body,
    write: (text: string) => controller.enqueue(encoder.encode(text)),
    fail: (error: Error) => controller.error(error),
    isCancelled: () => cancelled,
  };
}

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
  return `${byteOrderMark ? '\uFEFF' : ''}${lines.map((text) => text + newline).join('')}`;
}

describe('readEvents', () => {
  it('emits the same events for any chunking', async () => {
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(), { maxLength: 40 }), async (streamed, places) => {
        const expected = streamed.blocks.flatMap((each) =>
          each.kind === 'event'
            ? [{ id: each.id, event: each.event === '' ? undefined : each.event, data: each.data.join('\n') }]
            : [],
        );
        const retries: number[] = [];
        const hint: RetryHint = {
          set delay(delay: number) {
            retries.push(delay);
          },
        };
        const events = await parsed(cut(write(streamed), places), hint);

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

  it.each(['\n\n', '\r\n\r\n', '\r\r', '\n\r', '\r\n\r'])(
    'emits an event as soon as a blank line ends it: %j',
    async (end) => {
      const { body, write } = openBody();
      const first = firstValueFrom(readEvents(body, { hint: {}, scheduler: asyncScheduler }));

      write(`data: 1${end}`);

      expect(await first).toMatchObject([{ data: '1' }]);
    },
  );

  it('reads a CRLF that is split between chunks as one line ending', async () => {
    expect(await parsed(['data: 1\r', '\ndata: 2\r', '', '\n\r', '\n'])).toMatchObject([{ data: '1\n2' }]);
  });

  it('ignores a byte order mark at the start only', async () => {
    expect(await parsed(['\uFEFFdata: \uFEFFa\n\n'])).toMatchObject([{ data: '\uFEFFa' }]);
  });

  it('drops an unfinished event', async () => {
    expect(await parsed(['data: whole\n\ndata: half\n'])).toMatchObject([{ data: 'whole' }]);
  });

  it.each([
    ['without a blank line', 'data: {"id":1}\n'],
    ['without a line ending', 'data: {"id":1}'],
    ['in the first chunk', 'event: message\ndata: {"id":1}'],
  ])('emits the last event of an ended stream if it is a complete message: %s', async (_, text) => {
    expect(await parsed(['data: {"id":0}\n\n', text])).toMatchObject([{ data: '{"id":0}' }, { data: '{"id":1}' }]);
  });

  it.each([
    ['a truncated message', 'data: {"id":1'],
    ['another text', 'data: 1\n'],
    // The server replays the event, with its whole id.
    ['a message with an id', 'data: {"id":1}\nid: 7'],
  ])('drops the last event of an ended stream if it is %s', async (_, text) => {
    expect(await parsed(['data: {"id":0}\n\n', text])).toMatchObject([{ data: '{"id":0}' }]);
  });

  it.each([
    ['on one line', ['{"id":1}']],
    ['on one line, in pieces', ['{"i', 'd":1', '}\n']],
    ['on several lines', ['{\n  "id":', ' 1\n}\n']],
    ['in a batch', ['[{"id":1}]']],
  ])('emits a bare message as an event: %s', async (_, pieces) => {
    const events = await parsed(pieces);

    expect(events.map(({ data }) => [JSON.parse(data)].flat() as unknown)).toEqual([[{ id: 1 }]]);
  });

  it('emits bare messages as soon as their lines end, also between events', async () => {
    const { body, write } = openBody();
    const seen = firstValueFrom(readEvents(body, { hint: {}, scheduler: asyncScheduler }).pipe(take(2), toArray()));

    write('{"id":1}\n{"id":2}\n');
    await new Promise(setImmediate);
    write('data: 3\n\n{"id":4}\r\n');

    expect((await seen).flat().map(({ data }) => data)).toEqual(['{"id":1}', '{"id":2}', '3', '{"id":4}']);
  });

  it.each(['{"id":', 'oops\n', '<html>\n{"id":1', '{"id":1}}'])('ignores other text: %j', async (text) => {
    expect(await parsed([text])).toEqual([]);
  });

  it('errors on an endless bare message', async () => {
    const chunk = `${' '.repeat(1024 * 1024)}\n`;
    const chunks = Array.from({ length: maxMessageLength / chunk.length + 1 }, () => chunk);

    await expect(parsed(['{\n', ...chunks])).rejects.toThrow('exceeds');
  });

  it('emits an event with an id and no data', async () => {
    expect(await parsed(['id: 1\ndata:\n\n'])).toMatchObject([{ id: '1', data: '' }]);
  });

  it('emits the events before an error, then an error with its reason', async () => {
    const { body, write, fail } = openBody();
    const failure = new Error('broken');
    const seen: unknown[] = [];
    const ended = new Promise<void>((resolve) => {
      readEvents(body, { hint: {}, scheduler: asyncScheduler })
        .pipe(mergeAll())
        .subscribe({
          next: ({ data }) => {
            seen.push(data);
            fail(failure);
          },
          error: (error: unknown) => {
            seen.push(error);
            resolve();
          },
        });
    });

    write('data: 1\n\nda');
    await ended;

    expect(seen).toMatchObject(['1', { message: 'event stream: broken', cause: failure }]);
  });

  it('cancels the body and emits nothing more once unsubscribed', async () => {
    const { body, write, isCancelled } = openBody();
    const seen: string[] = [];
    const first = new Promise<void>((resolve) => {
      const subscription = readEvents(body, { hint: {}, scheduler: asyncScheduler }).subscribe((events) => {
        seen.push(events.map(({ data }) => data).join());
        subscription.unsubscribe();
        resolve();
      });
    });

    write('data: 1\n\ndata: 2\n\ndata: 3');
    write('\n\ndata: 4\n\n');
    await first;

    expect(seen).toEqual(['1,2']);
    expect(isCancelled()).toBe(true);
  });

  it('errors when the body ends before all messages have arrived', async () => {
    const events$ = readEvents(bodyOf(['data: 1\n\n']), { hint: {}, scheduler: asyncScheduler, mayEnd: () => false });

    await expect(lastValueFrom(events$)).rejects.toThrow('event stream: ended by the server');
  });

  it('emits the events of a chunk together, and nothing for a chunk without a complete event', async () => {
    const chunks = await lastValueFrom(read$(['data: 1\n\ndata: 2\n\nda', 'ta: ', '3\n\n']).pipe(toArray()));

    expect(chunks.map((events) => events.map(({ data }) => data))).toEqual([['1', '2'], ['3']]);
  });

  it('errors on an endless event', async () => {
    const chunk = 'x'.repeat(1024 * 1024);
    const chunks = Array.from({ length: maxMessageLength / chunk.length + 1 }, () => chunk);

    await expect(parsed(['data: ', ...chunks])).rejects.toThrow('exceeds');
  });

  it('errors on an endless event with comments', async () => {
    const piece = `data: ${'x'.repeat(1024 * 1024)}\n:\n`;
    const pieces = Array.from({ length: maxMessageLength / 1024 / 1024 + 1 }, () => piece);

    await expect(parsed(pieces)).rejects.toThrow('exceeds');
  });

  it('accepts any number of events', async () => {
    const event = `data: ${'x'.repeat(1024 * 1024)}\n\n`;
    const count = Math.floor(maxMessageLength / event.length + 2);

    expect(await parsed(Array.from({ length: count }, () => event))).toHaveLength(count);
  });
});
