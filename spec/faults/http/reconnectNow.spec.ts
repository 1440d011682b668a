import { useStage } from '../../rig/useStage';

const stage = useStage();

/** Longer than any spec runs. */
const reconnect = { initialDelay: 3_600_000, maxDelay: 3_600_000, jitter: 'none' } as const;

describe('connect() an hour before the next attempt', () => {
  it('reopens the stream when the network is back', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, statuses, listens, receives, until } = await stage.connected(proxy.url(), { reconnect });
    await proxy.refuse(true);
    proxy.reset();
    await until(() => statuses.at(-1)?.state === 'reconnecting');

    await proxy.refuse(false);
    await session.connect();
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(await server.counts()).toMatchObject({ sessionsOpened: 2, getStreams: 1 });
  });

  it('starts a new session after a server restart', async () => {
    const server = await stage.server();
    const { session, statuses, listens, receives, until } = await stage.connected(server.url, { reconnect });
    await server.kill();
    await until(() => statuses.at(-1)?.state === 'reconnecting');

    await server.restart();
    await session.connect();
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(await server.counts()).toMatchObject({ sessionsOpened: 2, sessions: 1, getStreams: 1 });
  });
});
