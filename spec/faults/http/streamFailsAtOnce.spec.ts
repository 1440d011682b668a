import { setImmediate } from 'node:timers/promises';
import type { SessionStatus } from 'rx-mcp';
import { hastyScheduler } from '../../rig/hastyScheduler';
import { useStage } from '../../rig/useStage';

const stage = useStage();

/** Returns the delays before each attempt, in milliseconds. */
const delays = (statuses: SessionStatus[]): number[] =>
  statuses.flatMap((status) => (status.state === 'reconnecting' ? [status.delay] : []));

describe('a listening stream that always fails immediately', () => {
  it.each([
    ['end-at-once', 'ConnectionLostError'],
    ['reset-at-once', 'ConnectionLostError'],
    ['reset', 'ConnectionFailedError'],
    ['html', 'ConnectionFailedError'],
    ['json', 'ConnectionFailedError'],
    [503, 'ConnectionFailedError'],
    [500, 'ConnectionFailedError'],
  ] as const)('is retried with growing delays up to maxDelay (%s)', async (answer, name) => {
    const server = await stage.server();
    const { statuses, errors, until } = await stage.connected(server.url);

    await server.refuseGet(answer);
    await server.resetGet();
    await until(() => delays(statuses).length >= 8);
    // The state that announces an attempt precedes the attempt.
    const { gets } = await server.counts();
    const waits = delays(statuses);

    expect(waits.slice(0, 8)).toEqual([20, 40, 80, 100, 100, 100, 100, 100]);
    // The first stream, the immediate retry, and one attempt per delay.
    expect(gets.length).toBeLessThanOrEqual(waits.length + 2);
    expect(errors).toMatchObject([{ name, retryable: true }]);
    expect(statuses.at(-1)).toMatchObject({ state: 'reconnecting', error: { name } });
  });

  it('does not affect calls', async () => {
    const server = await stage.server();
    const { session, statuses, until } = await stage.connected(server.url);

    for (const answer of ['html', 503] as const) {
      await server.refuseGet(answer);
      await server.resetGet();
      await until(() => statuses.at(-1)?.state === 'reconnecting');
      expect(await session.callTool('echo', { answer: String(answer) })).toMatchObject({
        content: [{ text: `{"answer":"${answer}"}` }],
      });
      await server.refuseGet(null);
      await until(() => statuses.at(-1)?.state === 'connected');
    }
  });

  it('leaves the session connected with listening: false until it opens for the first time', async () => {
    const server = await stage.server({ get: 'html' });
    const { session, statuses, errors, gaps, ticks, receives, listens, until } = stage.session(
      server.url,
      { connectTimeout: 1e9 },
      { scheduler: hastyScheduler(100), timeout: 1e9 },
    );

    await session.connect();
    await until(() => errors.length > 0);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError', message: expect.stringContaining('text/html') }]);
    await session.ping();
    await server.refuseGet(null);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toEqual([]);
  });

  it('is retried after a longer delay that the server requests', async () => {
    const server = await stage.server();
    const { statuses, until } = await stage.connected(server.url, {
      reconnect: { initialDelay: 20, maxDelay: 200, jitter: 'none' },
    });

    await server.refuseGet(503, { retryAfter: 1 });
    await server.resetGet();
    await until(() => statuses.at(-1)?.state === 'reconnecting');

    expect(delays(statuses)).toEqual([1000]);
  });

  it('is retried after a status that would be final for a first stream', async () => {
    const server = await stage.server();
    const { ticks, gaps, statuses, receives, listens, until } = await stage.connected(server.url);

    await server.refuseGet(404);
    await server.resetGet();
    await until(() => delays(statuses).length >= 3);
    await server.refuseGet(null);
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toHaveLength(1);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 2 });
  });
});

describe('a server that requests a delay of zero', () => {
  it('receives no more requests than the policy allows', async () => {
    const server = await stage.server({ retryHint: 0 });
    const { statuses, gaps, until } = await stage.connected(server.url);

    for (let drops = 1; drops <= 8; drops++) {
      await server.until(({ getStreams }) => getStreams === 1);
      await until(() => gaps.length === drops - 1);
      await server.endGet();
      await until(() => gaps.length === drops);
    }

    expect(delays(statuses).slice(0, 7)).toEqual([20, 40, 80, 100, 100, 100, 100]);
    expect((await server.counts()).requests).toMatchObject({ GET: 9 });
  });

  it('is respected if it requests a long delay', async () => {
    const server = await stage.server({ retryHint: 150 });
    const { gaps, until } = await stage.connected(server.url);

    await server.until(({ getStreams }) => getStreams === 1);
    await server.raw(': read so far\n\n');
    await server.endGet();
    await until(() => gaps.length === 1);

    expect(gaps[0]!.until - gaps[0]!.since).toBeGreaterThanOrEqual(145);
  });
});

describe('a server that accepts and drops immediately, repeatedly', () => {
  it('is retried with growing delays, which start over only after a stable time', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { statuses, errors, until } = await stage.connected(proxy.url());

    server.events$.subscribe((event) => {
      if (event.type === 'stream-open' && event.method === 'GET') void server.forgetSessions();
    });
    await server.forgetSessions();
    await until(() => delays(statuses).length >= 8);

    expect(delays(statuses).slice(0, 8)).toEqual([0, 40, 80, 100, 100, 100, 100, 100]);
    expect(errors.map(({ name }) => name)).toEqual(['SessionExpiredError']);
    const { messages } = await server.counts();
    expect(messages['initialize']).toBeLessThanOrEqual(1 + delays(statuses).length);
  });

  it('is retried immediately after a stable time', async () => {
    const server = await stage.server();
    const { statuses, gaps, until } = await stage.connected(server.url, {
      reconnect: { initialDelay: 20, maxDelay: 100, jitter: 'none', stableAfter: 1 },
    });

    for (let drops = 1; drops <= 5; drops++) {
      await server.until(({ getStreams }) => getStreams === 1);
      // The stream is also open on this side, because the gap was emitted. The stable time is one millisecond.
      const openAt = Date.now();
      while (Date.now() <= openAt + 1) await setImmediate();
      await server.endGet();
      await until(() => gaps.length === drops);
    }

    expect(delays(statuses)).toEqual([]);
  });
});
