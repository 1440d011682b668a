import { filter, firstValueFrom, Subject, take, toArray } from 'rxjs';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const uri = 'test://notes';

/** Wraps `fetch`. Emits the text of listening streams as it is read. */
function reading(read$: Subject<string>): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method !== 'GET' || !response.body) return response;
    const emit = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        read$.next(Buffer.from(chunk).toString());
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(emit), response);
  };
}

describe.each([404, 400] as const)('a restarted server that answers %d to unknown sessions', (status) => {
  it('receives a new session with the state of the old one', async () => {
    const server = await stage.server({ forgottenStatus: status, tools: ['before'], resources: [uri] });
    const watched = await stage.connected(server.url, { roots: [{ uri: 'file:///work' }] });
    const { session, statuses, errors, gaps, ticks, listens, receives, until } = watched;
    const lists: string[][] = [];
    session.tools$.subscribe((tools) => lists.push(tools.map(({ name }) => name)));
    const updated = firstValueFrom(
      session.resource$(uri).pipe(filter((contents) => JSON.stringify(contents).includes('new text'))),
    );
    await session.setLoggingLevel('warning');
    await server.waitFor({ type: 'subscribed', uri });
    await server.notifyMany(1);
    await receives(1);

    await server.restart({ tools: ['after'] });
    await until(({ gaps }) => gaps.length > 0);
    await listens();
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    await receives(2);
    await server.waitFor({ type: 'message', method: 'tools/list' }, { nth: 2 });
    await session.ping();

    expect(ticks).toEqual([1, 2]);
    expect(gaps).toMatchObject([{ cause: { name: 'SessionExpiredError' } }]);
    expect(errors.map(({ name }) => name)).toContain('SessionExpiredError');
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true });
    expect(lists.at(-1)).toEqual(['after']);
    expect(await server.ask('roots/list')).toEqual({ roots: [{ uri: 'file:///work' }] });
    const { messages, sessions, sessionsOpened, subscriptions } = await server.counts();
    expect({ sessions, sessionsOpened, subscriptions }).toEqual({
      sessions: 1,
      sessionsOpened: 2,
      subscriptions: { [uri]: 1 },
    });
    expect(messages).toMatchObject({ initialize: 2, 'logging/setLevel': 2, 'resources/subscribe': 2 });

    await server.setResource(uri, 'new text');
    expect(await updated).toMatchObject([{ uri, text: 'new text' }]);
  });

  it('is detected by a call, which succeeds', async () => {
    const server = await stage.server({ forgottenStatus: status, keepAlive: 20 });
    const read$ = new Subject<string>();
    const { session, gaps, listens } = await stage.connected(server.url, { fetch: reading(read$) });

    const forgottenAt = Date.now();
    await server.forgetSessions({ keepStreams: true });
    // Keep-alives continue, but do not prove that the session exists.
    await firstValueFrom(
      read$.pipe(
        filter((text) => text.startsWith(':')),
        take(6),
        toArray(),
      ),
    );
    const result = await session.callTool('echo', { again: true });
    await listens();
    expect(gaps[0]!.since).toBeLessThanOrEqual(forgottenAt);

    expect(result).toMatchObject({ content: [{ text: '{"again":true}' }] });
    expect(gaps).toMatchObject([{ cause: { name: 'SessionExpiredError' } }]);
    expect(await server.counts()).toMatchObject({ sessions: 1, sessionsOpened: 2, messages: { 'tools/call': 2 } });
  });

  it('is detected by a ping', async () => {
    const server = await stage.server({ forgottenStatus: status });
    const { gaps, ticks, until, listens, receives } = await stage.connected(server.url, { keepAlive: 1_000 });

    await server.forgetSessions({ keepStreams: true });
    await until(() => gaps.length > 0);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toMatchObject([{ cause: { name: 'SessionExpiredError' } }]);
  });
});

describe('a session that is deleted while its stream is open', () => {
  it('is replaced when a stream drops', async () => {
    const server = await stage.server();
    const { gaps, errors, listens, until } = await stage.connected(server.url);

    await server.forgetSessions();
    await until(() => gaps.length > 0);
    await listens();

    expect(gaps).toHaveLength(1);
    expect(errors).toMatchObject([{ name: 'SessionExpiredError' }]);
    expect(await server.counts()).toMatchObject({ sessions: 1, sessionsOpened: 2 });
  });

  it('is not assumed after a 400 about the request', async () => {
    const server = await stage.server();
    const { session, gaps, statuses } = await stage.connected(server.url);

    await server.answerPost(400, { method: 'tools/list', times: 1 });
    await expect(session.listTools()).rejects.toMatchObject({ name: 'ConnectionFailedError', status: 400 });
    await session.ping();

    expect(gaps).toEqual([]);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true });
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1, getStreams: 1 });
  });
});
