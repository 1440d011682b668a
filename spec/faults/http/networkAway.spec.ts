import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a temporary network outage', () => {
  it.each(['refused', 'reset'] as const)('leads to a new session with a gap (connections %s)', async (failure) => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const watched = await stage.connected(proxy.url());
    const { session, ticks, statuses, gaps, errors, receives, listens, until } = watched;
    await server.notifyMany(1);
    await receives(1);

    await proxy.refuse(failure === 'reset' ? 'reset' : true);
    proxy.reset();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 4);
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    await proxy.refuse(false);
    await listens();
    await until(() => gaps.length > 0);
    await server.notifyMany(1, 'custom/tick', { from: 3 });
    await receives(3);
    await session.ping();

    expect(ticks).toEqual([1, 3]);
    expect(gaps).toHaveLength(1);
    // A different server without the subscriptions may have replaced the first one.
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError', retryable: true }, { name: 'SessionExpiredError' }]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 2, getStreams: 1 });
  });

  it('loses nothing with an event store', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const proxy = await stage.proxy(server);
    const { ticks, statuses, gaps, receives, until } = await stage.connected(proxy.url());
    await server.notifyMany(100);
    await receives(100);

    await proxy.refuse(true);
    proxy.reset();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 4);
    await server.notifyMany(100, 'custom/tick', { from: 101 });
    await proxy.refuse(false);
    await receives(200);
    await server.notifyMany(100, 'custom/tick', { from: 201 });
    await receives(300);

    expect(ticks).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(gaps).toEqual([]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1 });
  });

  it('makes a handshake time out, which is retried', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, listens, until, statuses } = stage.session(proxy.url(), { connectTimeout: 100 });
    proxy.silence('down');

    const connected = session.connect({ retry: true });
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 2);
    expect(statuses.at(-1)).toMatchObject({ error: { name: 'ConnectionFailedError', retryable: true } });
    proxy.silence(false);
    await connected;
    await listens();
  });
});
