import type { HttpConnectorOptions } from 'rx-mcp';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, stream } from './responses';
import { startWorldServer, uri } from './startWorldServer';

const stage = useStage(startWorldServer);

/** Connects a session that subscribes to a resource and a list. */
async function open(options: HttpConnectorOptions = {}, holds = false) {
  const server = await stage.server();
  const held: IncomingRequest[] = [];
  if (holds) server.answer((incoming) => incoming.kind === 'GET' && held.push(incoming) > 0);
  const watched = stage.session(server.url, { connectTimeout: 400, ...options });
  const { session } = watched;
  const texts: unknown[] = [];
  const lists: unknown[] = [];
  session.resource$(uri).subscribe(([contents]) => texts.push(Reflect.get(contents!, 'text')));
  session.tools$.subscribe((tools) => lists.push(tools.length));
  await session.connect();
  await server.until(() => server.requestCounts['resources/read'] === 1 && server.requestCounts['tools/list'] === 1);
  return { server, held, texts, lists, ...watched };
}

describe('the first stream of a session', () => {
  it.each([{ listen: 'always' }, { listen: 'demand' }] as const)(
    'makes live views refetch when it opens late, without a gap, with listen: $listen',
    async (options) => {
      const { server, held, texts, gaps, listens, session } = await open(options, true);
      // Not delivered, because there is no stream yet.
      server.update('second');
      await server.until(() => held.length > 0);

      stream(held[0]!);
      await listens();
      await server.until(
        () => server.requestCounts['resources/read'] === 2 && server.requestCounts['tools/list'] === 2,
      );
      await session.callTool('echo');

      expect(texts.at(-1)).toBe('second');
      expect(gaps).toEqual([]);
      expect(server.requestCounts).toMatchObject({ 'resources/read': 2, 'tools/list': 2, initialize: 1 });
    },
  );

  it('does not make live views refetch when it opens in time', async () => {
    const { server, texts, lists, listens, session } = await open();
    await listens();
    await session.callTool('echo');
    await session.callTool('echo');

    expect({ texts, lists }).toEqual({ texts: ['first'], lists: [1] });
    expect(server.requestCounts).toMatchObject({ 'resources/read': 1, 'tools/list': 1, GET: 1 });
  });
});
