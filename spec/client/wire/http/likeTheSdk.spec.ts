import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import fc from 'fast-check';
import { HttpConnector, MCPSession, type Notification, ofMethod } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { cut } from './cut';
import { scriptedFetch } from './scriptedFetch';

const url = new URL('http://127.0.0.1/mcp');
const end = { jsonrpc: '2.0', method: 'custom/end' };

/** JSON as servers send it: with any text, and keys without a meaning for JavaScript or the protocol. */
const key = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((name) => !['__proto__', '_meta', ''].includes(name));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const params = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const notification = fc.record({
  jsonrpc: fc.constant('2.0'),
  method: fc.constantFrom('custom/a', 'custom/b', 'notifications/tools/list_changed'),
  params: fc.oneof(params, fc.constant(undefined)),
});

/** A block of an event stream: a notification on one or several lines, with or without an id, or a block that a reader skips. */
const block = fc.oneof(
  { weight: 4, arbitrary: fc.record({ message: notification, pretty: fc.boolean(), hasId: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom(': keep-alive', 'retry: 3000', 'event: ping\ndata: {}', 'id: mark\ndata:') },
);

/** Returns the text of a stream of these blocks with `newline` as line ending, followed by an event that marks the end. */
function textOf(blocks: readonly (typeof block extends fc.Arbitrary<infer T> ? T : never)[], newline: string): string {
  const texts = blocks.map((each, index) => {
    if (typeof each === 'string') return each;
    const data = JSON.stringify(each.message, undefined, each.pretty ? 1 : undefined).split('\n');
    return [...(each.hasId ? [`id: ${index}`] : []), ...data.map((line) => `data: ${line}`)].join('\n');
  });
  return [...texts, `data: ${JSON.stringify(end)}`, ''].join('\n\n').replaceAll('\n', newline);
}

async function receivedBySession(
  pieces: readonly Uint8Array[],
): Promise<{ received: Notification[]; errors: Error[] }> {
  const session = new MCPSession(new HttpConnector(url, { fetch: scriptedFetch(pieces) }));
  const received: Notification[] = [];
  const errors: Error[] = [];
  session.errors$.subscribe((error) => errors.push(error));
  session.notifications$.subscribe((each) => received.push(each));
  const ended = firstValueFrom(session.notifications$.pipe(ofMethod('custom/end')));
  await session.connect();
  await ended;
  await session.disconnect();
  return { received, errors };
}

async function receivedBySdk(pieces: readonly Uint8Array[]): Promise<Notification[]> {
  const client = new Client({ name: 'raw', version: '1' });
  const received: Notification[] = [];
  const ended = new Promise<void>((resolve) => {
    client.fallbackNotificationHandler = async ({ method, params }) => {
      received.push({ method, params });
      if (method === 'custom/end') resolve();
    };
  });
  await client.connect(new StreamableHTTPClientTransport(url, { fetch: scriptedFetch(pieces) }));
  await ended;
  await client.close();
  return received;
}

describe('a session over Streamable HTTP', () => {
  it('receives the same messages as the SDK client for any stream and any chunking', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(block, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 30 }),
        async (blocks, newline, hasMark, places) => {
          const pieces = cut((hasMark ? '\uFEFF' : '') + textOf(blocks, newline), places);
          const { received, errors } = await receivedBySession(pieces);

          expect(errors).toEqual([]);
          expect(received).toEqual(await receivedBySdk(pieces));
          expect(received).toHaveLength(blocks.filter((each) => typeof each !== 'string').length + 1);
        },
      ),
      { numRuns: 150 },
    );
  });
});
