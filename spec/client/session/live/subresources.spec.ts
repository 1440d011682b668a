import {
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { MCPSession, type Notification, resourceUpdated } from 'rx-mcp';
import { Subject } from 'rxjs';
import { record } from '../../../rig/record';
import { sdkServer } from '../../../rig/sdkServer';

/** Creates a server whose resources contain how often they were read. */
function server() {
  let reads = 0;
  return sdkServer({ resources: { subscribe: true } }, (sdk) => {
    sdk.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => ({
      contents: [{ uri, text: `${++reads}` }],
    }));
    sdk.setRequestHandler(SubscribeRequestSchema, () => ({}));
    sdk.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  });
}

const update = (uri: string): Notification => ({ method: 'notifications/resources/updated', params: { uri } });

describe('resource$', () => {
  it.each([
    ['file:///project', 'file:///project/src/a.ts'],
    ['file:///project/', 'file:///project/a.ts'],
    ['db://table', 'db://table?row=7'],
    ['file:///notes.md', 'file:///notes.md#part'],
    ['file:///a%2fb', 'file:///a%2Fb'],
    ['http://host:80/a', 'http://HOST/a'],
    ['https://host', 'https://host:443/'],
  ])('reads %s again after an update of %s', async (uri, updated) => {
    const sdk = server();
    const session = new MCPSession(sdk.connector());
    await session.connect();
    const contents = record(session.resource$(uri));
    await contents.nth(1);

    await sdk.current.notification(update(updated));

    expect(await contents.nth(2)).toMatchObject([{ text: '2' }]);
    contents.stop();
    await session.disconnect();
  });

  it('returns the same Observable for the same URI while it is referenced', async () => {
    const sdk = server();
    const session = new MCPSession(sdk.connector());
    await session.connect();
    const resource$ = session.resource$('file:///a%2fb');

    expect(session.resource$('file:///a%2Fb')).toBe(resource$);
    expect(session.resource$('file:///a')).not.toBe(resource$);
    expect(session.resource$('file:///a%2fb', { pollInterval: 5 })).not.toBe(resource$);
    const both = [record(resource$), record(session.resource$('file:///a%2fb', { pollInterval: 5 }))];
    await Promise.all(both.map((contents) => contents.nth(1)));
    expect(sdk.count('resources/subscribe')).toBe(1);
    expect(session.resource$('file:///a%2fb')).toBe(resource$);
    for (const contents of both) contents.stop();
    expect(session.resource$('file:///a%2fb')).toBe(resource$);
    await session.disconnect();
  });
});

describe('resourceUpdated', () => {
  const cases: [watched: string, updated: string, exact: boolean, tree: boolean][] = [
    ['file:///a', 'file:///a', true, true],
    ['file:///a', 'file:///a/b', false, true],
    ['file:///a', 'file:///ab', false, false],
    ['file:///a/b', 'file:///a', false, false],
    ['memo://Notes', 'memo://notes', false, false],
    ['file:///A', 'file:///a', false, false],
    ['wss://h:443/x', 'wss://h/x', true, true],
    ['http://h:8080/x', 'http://h/x', false, false],
  ];

  it.each(cases)(
    'for %s matches an update of %s: %s, and with subresources: %s',
    async (watched, updated, exact, tree) => {
      const sdk = server();
      const session = new MCPSession(sdk.connector());
      const foreign$ = new Subject<Notification>();
      await session.connect();
      const matches = [session.notifications$, foreign$].map((source$) => [
        record(source$.pipe(resourceUpdated(watched))),
        record(source$.pipe(resourceUpdated(watched, { subresources: true }))),
      ]);

      await sdk.current.notification(update(updated));
      await session.ping();
      foreign$.next(update(updated));

      expect(matches.map((pair) => pair.map(({ values }) => values.length === 1))).toEqual([
        [exact, tree],
        [exact, tree],
      ]);
      await session.disconnect();
    },
  );

  it('emits once for a deep sub-resource, and only exactly for one that is too deep', async () => {
    const sdk = server();
    const session = new MCPSession(sdk.connector());
    await session.connect();
    const updates = record(session.notifications$.pipe(resourceUpdated('file:///', { subresources: true })));

    await sdk.current.notification(update('file:///a//b/c/'));
    await sdk.current.notification(update(`file:///${'x'.repeat(9_000)}`));
    await session.ping();

    expect(updates.values).toHaveLength(1);
    await session.disconnect();
  });
});
