import { hastyScheduler } from '../../rig/hastyScheduler';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a server that still holds a dropped stream', () => {
  it('is retried until it notices', async () => {
    const server = await stage.server();
    const { ticks, statuses, errors, gaps, receives, listens, until } = await stage.connected(server.url);

    await server.refuseGet(409, { times: 6 });
    await server.resetGet();
    await until(() => statuses.at(-1)?.state === 'reconnecting');
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toHaveLength(1);
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError', status: 409, retryable: true }]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1, answers: { 'GET 409': 6, 'GET 200': 2 } });
  });

  it('receives a new session if it does not notice in time', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { ticks, gaps, errors, receives, until, listens, session } = await stage.connected(
      proxy.url(),
      { reconnect: { initialDelay: 200, maxDelay: 1000, jitter: 'none' } },
      { scheduler: hastyScheduler(5) },
    );

    proxy.reset({ method: 'GET', side: 'client' });
    await server.waitFor({ type: 'answer', method: 'GET', status: 409 });
    expect(await session.callTool('echo', {})).toMatchObject({ content: [{ text: '{}' }] });
    await until(() => gaps.length > 0);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toHaveLength(1);
    expect(errors.map(({ name }) => name)).toEqual(['ConnectionFailedError', 'ConnectionLostError']);
    const { answers, sessionsOpened } = await server.counts();
    expect(answers['GET 409']).toBeGreaterThan(2);
    expect(sessionsOpened).toBe(2);
  });

  it('loses nothing with an event store once it has noticed', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const proxy = await stage.proxy(server);
    const { ticks, gaps, receives } = await stage.connected(proxy.url());
    await server.notifyMany(100);
    await receives(100);

    proxy.reset({ method: 'GET', side: 'client' });
    await server.waitFor({ type: 'answer', method: 'GET', status: 409 }, { nth: 3 });
    await server.notifyMany(100, 'custom/tick', { from: 101 });
    await server.resetGet();
    await receives(200);

    expect(ticks).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(gaps).toEqual([]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1 });
  });

  it('is detected if it resumes into a silent stream, once it has noticed the drop', async () => {
    const server = await stage.server({ eventStore: 'example' });
    const old = await stage.proxy(server);
    let isFirst = true;
    const route: typeof fetch = (input, init) => {
      const isOld = init?.method === 'GET' && isFirst;
      if (isOld) isFirst = false;
      return fetch(isOld ? old.url() : input, init);
    };
    const { ticks, gaps, receives, until } = await stage.connected(
      server.url,
      { fetch: route },
      { scheduler: hastyScheduler(5) },
    );
    await server.notifyMany(1);
    await receives(1);

    old.reset({ side: 'client' });
    await server.waitFor({ type: 'answer', method: 'GET', status: 409 });
    // The server rejects another stream because it still holds the first one, which is dead.
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    expect(gaps).toEqual([]);
    await old.close();
    await until(() => gaps.length > 0);
    await server.notifyMany(1, 'custom/tick', { from: 3 });
    await receives(3);

    expect(ticks).toEqual([1, 3]);
    expect(gaps).toHaveLength(1);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1 });
  });
});
