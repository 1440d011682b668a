import { hastyScheduler } from '../../rig/hastyScheduler';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a peer that vanishes without closing', () => {
  it('is detected by missing keep-alives once their interval is known', async () => {
    const server = await stage.server({ eventStore: 'correct', keepAlive: 100 });
    const proxy = await stage.proxy(server);
    const watched = await stage.connected(proxy.url(), {}, { scheduler: hastyScheduler(20) });
    const { ticks, gaps, receives, session } = watched;
    await server.notifyMany(1);
    await receives(1);
    await session.callTool('work', { steps: 5, delayMs: 100 });

    expect(proxy.vanish()).toBeGreaterThan(0);
    await server.notifyMany(100, 'custom/tick', { from: 2 });
    // The server must also notice the loss. Until then, it considers the old stream live.
    await server.waitFor({ type: 'answer', method: 'GET', status: 409 });
    await server.resetGet();
    await receives(101);

    expect(ticks).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
    expect(gaps).toEqual([]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1, getStreams: 1 });
  });

  it('is detected after the configured silence', async () => {
    const server = await stage.server({ eventStore: 'correct', keepAlive: 0 });
    const proxy = await stage.proxy(server);
    const { ticks, statuses, receives } = await stage.connected(proxy.url(), { watchdog: 300 });
    await server.notifyMany(1);
    await receives(1);

    proxy.vanish();
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    await server.waitFor({ type: 'answer', method: 'GET', status: 409 });
    await server.resetGet();
    await receives(2);

    expect(ticks).toEqual([1, 2]);
    expect(statuses.map((status) => 'listening' in status && status.listening)).toContain(false);
  });

  it('is detected by an unanswered ping with keepAlive', async () => {
    const server = await stage.server({ keepAlive: 0 });
    const proxy = await stage.proxy(server);
    const { ticks, gaps, errors, receives, until, listens } = await stage.connected(proxy.url(), {
      watchdog: false,
      // A busy machine responds late, but only a cut connection does not respond at all.
      keepAlive: 1_000,
      connectTimeout: 2_000,
    });

    const silentSince = Date.now();
    proxy.silence(true);
    await until(() => errors.length > 0);
    proxy.vanish();
    proxy.silence(false);
    await until(() => gaps.length > 0);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps[0]!.since).toBeLessThanOrEqual(silentSince);
    // It is not reported that the ping can no longer be cancelled.
    expect(errors).toMatchObject([{ name: 'ConnectionLostError', message: 'ping: timed out after 1000 ms' }]);
  });

  it('does not block reopening the stream forever', async () => {
    const server = await stage.server({ keepAlive: 0 });
    const proxy = await stage.proxy(server);
    const { ticks, gaps, receives, until, listens } = await stage.connected(proxy.url(), { watchdog: 200 });

    await server.refuseGet('hang', { times: 2 });
    proxy.vanish();
    await until(() => gaps.length > 0);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
  });

  it('is not assumed while the stream is only idle', async () => {
    const server = await stage.server({ keepAlive: 0 });
    const { session, statuses, gaps } = await stage.connected(server.url, { watchdog: false });

    await session.callTool('work', { steps: 1, delayMs: 1500 });

    expect(gaps).toEqual([]);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'connected']);
  });

  it('is not assumed when the client was busy', async () => {
    const server = await stage.server({ keepAlive: 50 });
    const { session, gaps, statuses, receives } = await stage.connected(server.url, { watchdog: 1_000 });
    await session.callTool('work', { steps: 3, delayMs: 50 });

    // Nothing is read during this time, although data arrives.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    await server.notifyMany(1);
    await receives(1);

    expect(gaps).toEqual([]);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'connected']);
  });
});
