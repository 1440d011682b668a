import { firstValueFrom, map, NEVER, type Observable, take, toArray, finalize, filter } from 'rxjs';
import { ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ofMethod } from 'rx-mcp';
import { MCPServer, type ServerSession, tool } from 'rx-mcp/server';
import { z } from 'zod';
import { begin, readEvents } from './faults/rig';
import { serve, until, type Served } from './rig/serve';

describe('a session of a server', () => {
  let served: Served | undefined;
  afterEach(async () => served?.close());

  const start = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    const server = new MCPServer({ name: 'spec', version: '1' }, { coalesce: 10, ...options });
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    served = await serve(server);
    return { server, sessions, served };
  };

  it('receives notifications to all sessions, to itself, and to its principal', async () => {
    let user = 'alice';
    const server = new MCPServer({ name: 'spec', version: '1' });
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    served = await serve(server, () => ({ token: 't', clientId: user, scopes: [] }));
    const alice = await served.connect();
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 1)));
    user = 'bob';
    const bob = await served.connect();
    await firstValueFrom(server.status$.pipe(filter(({ listening }) => listening === 2)));
    await server.notify('custom/one', { n: 1 }, { session: sessions[0]!.id });
    await server.notify('custom/bob', { n: 2 }, { principal: 'bob' });
    await sessions[1]!.notify('custom/two');
    await server.notify('custom/all', { n: 3 });
    await until(() => alice.notifications.length === 2 && bob.notifications.length === 3, 'notifications');
    expect(alice.notifications.map(({ method }) => method).sort()).toEqual(['custom/all', 'custom/one']);
    expect(bob.notifications.map(({ method }) => method).sort()).toEqual(['custom/all', 'custom/bob', 'custom/two']);
    expect(sessions.map(({ caller }) => caller.principal)).toEqual(['alice', 'bob']);
    expect(sessions[0]!.clientInfo).toMatchObject({ name: 'spec' });
  });

  it("has the client's roots as a stream, requested again after a change", async () => {
    const { sessions, served } = await start();
    const roots: string[][] = [['file:///a'], ['file:///b', 'file:///c']];
    const { client } = await served.connect({
      capabilities: { roots: { listChanged: true } },
      prepare: (client) => {
        client.setRequestHandler(ListRootsRequestSchema, () => ({
          roots: (roots.shift() ?? []).map((uri) => ({ uri })),
        }));
      },
    });
    const seen = firstValueFrom(
      sessions[0]!.roots$.pipe(
        map((list) => list.map(({ uri }) => uri)),
        take(2),
        toArray(),
      ),
    );
    await firstValueFrom(sessions[0]!.roots$);
    await client.sendRootsListChanged();
    expect(await seen).toEqual([['file:///a'], ['file:///b', 'file:///c']]);
  });

  it('keeps the valid roots of a response with invalid ones, and reports the others', async () => {
    const { server, sessions, served } = await start();
    const errors: unknown[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    const entries = [null, { uri: 'file:///a' }, 'file:///b', { uri: 1 }, { uri: 'file:///c', name: null }, [], {}];
    const raw = await begin(served, '2025-11-25', { roots: {} });
    const roots = firstValueFrom(sessions[0]!.roots$);
    const [request] = await readEvents(await raw.get(), 1);
    await raw.post({ jsonrpc: '2.0', id: (request!.data as { id: string }).id, result: { roots: entries } });
    expect(await roots).toEqual([{ uri: 'file:///a' }, { uri: 'file:///c' }]);
    expect(errors).toMatchObject(
      [0, 2, 3, 5, 6].map((index) => ({
        name: 'InvalidResultError',
        message: `roots/list: invalid response from client (result.roots.${String(index)}: expected a root)`,
        issues: [{ path: ['roots', index] }],
      })),
    );
  });

  it('keeps the valid roots in a call as well', async () => {
    const tools = [
      tool('roots', {}, (_, { roots$ }) => roots$.pipe(map((roots) => roots.map(({ uri }) => uri).join()))),
    ];
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools });
    const errors: unknown[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    served = await serve(server);
    const { client } = await served.connect({
      capabilities: { roots: {} },
      prepare: (client) =>
        client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [null, { uri: 'file:///a' }] as never })),
    });
    expect(await client.callTool({ name: 'roots' })).toMatchObject({ content: [{ text: 'file:///a' }] });
    expect(errors).toMatchObject([{ name: 'InvalidResultError' }]);
  });

  it('errors roots$ of a client without roots with a ServerError', async () => {
    const { sessions, served } = await start();
    await served.connect();
    await expect(firstValueFrom(sessions[0]!.roots$)).rejects.toMatchObject({ name: 'ServerError', code: -32601 });
  });

  it('sends an elicitation in a call, and outside of one', async () => {
    const { sessions, served } = await start({
      tools: [
        tool('deploy', { input: z.object({ env: z.string() }) }, ({ env }, { elicit$ }) =>
          elicit$('confirm', { message: `Deploy to ${env}?`, schema: z.object({ ok: z.boolean() }) }).pipe(
            map(({ action, content }) => `${action} ${String(content?.ok)}`),
          ),
        ),
      ],
    });
    const { client } = await served.connect({
      capabilities: { elicitation: {} },
      prepare: (client) =>
        client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
          action: 'accept',
          content: { ok: params.message.includes('live') },
        })),
    });
    expect(await client.callTool({ name: 'deploy', arguments: { env: 'live' } })).toMatchObject({
      content: [{ text: 'accept true' }],
    });
    const answer = await firstValueFrom(
      sessions[0]!.elicit$({ message: 'test?', schema: z.object({ ok: z.boolean() }) }),
    );
    expect(answer).toEqual({ action: 'accept', content: { ok: false } });
  });

  it('emits the notifications of its client, and those of all clients on the server', async () => {
    const { server, sessions, served } = await start();
    const { client } = await served.connect();
    const own = firstValueFrom(sessions[0]!.notifications$.pipe(ofMethod('custom/x', z.object({ n: z.number() }))));
    const all = firstValueFrom(
      server.notifications$.pipe(filter(({ notification }) => notification.method === 'custom/x')),
    );
    await client.notification({ method: 'custom/x', params: { n: 1 } });
    expect((await own).params.n).toBe(1);
    expect((await all).session).toBe(sessions[0]);
  });

  it('ends with DELETE, which unsubscribes from its calls', async () => {
    let unsubscribed = 0;
    const { server, sessions, served } = await start({
      tools: [tool('endless', {}, () => NEVER.pipe(finalize(() => unsubscribed++)))],
    });
    const { client, transport } = await served.connect();
    const ended = firstValueFrom(sessions[0]!.ended$);
    client.callTool({ name: 'endless' }).catch(() => undefined);
    await firstValueFrom(sessions[0]!.listening$.pipe(filter(Boolean)));
    await firstValueFrom(server.status$.pipe(filter(({ running }) => running === 1)));
    await transport.terminateSession();
    expect(await ended).toBe('deleted');
    await until(() => unsubscribed === 1, 'unsubscribe');
    const response = await served.send({ json: { jsonrpc: '2.0', id: 1, method: 'ping' }, session: sessions[0]!.id });
    expect(response.status).toBe(404);
  });

  it('answers custom requests', async () => {
    const { server, served } = await start();
    const remove = server.handle('custom/sum', ({ a, b }) => ({ sum: Number(a) + Number(b) }));
    const { client } = await served.connect();
    const result = await client.request(
      { method: 'custom/sum', params: { a: 1, b: 2 } },
      z.looseObject({ sum: z.number() }) as never,
    );
    expect(result).toMatchObject({ sum: 3 });
    remove();
    await expect(client.request({ method: 'custom/sum' }, z.looseObject({}) as never)).rejects.toMatchObject({
      code: -32601,
    });
  });

  it('is rejected with 503 after close, which ends its streams', async () => {
    const { server, sessions, served } = await start();
    await served.connect();
    const ended = firstValueFrom(sessions[0]!.ended$);
    await server.close();
    expect(await ended).toBe('closed');
    expect((await served.send({ json: {} })).status).toBe(503);
  });

  it('rejects notifications once it has ended, and completes the streams of late subscribers', async () => {
    const { server, sessions, served } = await start();
    await served.connect({ capabilities: { roots: {} } });
    const [session] = sessions as [ServerSession];
    await session.end();
    const error = { name: 'SessionClosedError', message: 'notify: the session has ended' };
    await expect(session.notify('custom/x')).rejects.toMatchObject(error);
    await server.notify('custom/x', {}, { session: session.id });
    const all = <T>(source$: Observable<T>) => firstValueFrom(source$.pipe(toArray()));
    expect(await all(session.ended$)).toEqual(['closed']);
    expect(await all(session.listening$)).toEqual([]);
    expect(await all(session.notifications$)).toEqual([]);
    expect(await all(session.roots$)).toEqual([]);
    expect(await all(session.request$('roots/list'))).toEqual([]);
  });

  it('receives the instructions, and the capabilities in addition to those of the options', async () => {
    const capabilities = { experimental: { builds: {} } };
    const { served } = await start({ tools: [], instructions: 'Build first.', capabilities });
    const { client } = await served.connect();
    expect(client.getInstructions()).toBe('Build first.');
    expect(client.getServerCapabilities()).toEqual({ logging: {}, tools: { listChanged: true }, ...capabilities });
    expect(() => new MCPServer({ name: 'spec', version: '1' }, { instructions: 1 as never })).toThrow('instructions: ');
  });

  it('receives the capabilities of prompts, resources and completions', async () => {
    const { served } = await start({ prompts: [], resources: [], completions: () => [] });
    const { client } = await served.connect();
    expect(client.getServerCapabilities()).toEqual({
      logging: {},
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
    });
  });

  it('rejects notifications and handlers on a closed server', async () => {
    const { server } = await start({ tools: [] });
    await server.close();
    const name = 'SessionClosedError';
    await expect(server.notify('custom/x')).rejects.toMatchObject({ name, message: 'notify: the server is closed' });
    await expect(server.notify('custom/x', {}, { session: 'x' })).rejects.toMatchObject({ name });
    expect(() => server.handle('custom/x', () => ({}))).toThrow('handle: the server is closed');
    for (const change of ['toolsChanged', 'promptsChanged', 'resourcesChanged'] as const) server[change]();
    server.resourceUpdated('a:b');
    expect(await firstValueFrom(server.errors$.pipe(toArray()))).toEqual([]);
    await server.close();
  });
});
