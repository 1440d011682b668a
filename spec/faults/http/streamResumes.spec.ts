import { useStage } from '../../rig/useStage';

const stage = useStage();

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('a resumable listening stream', () => {
  it.each(['endGet', 'resetGet'] as const)('loses and duplicates nothing when it drops (%s)', async (drop) => {
    const server = await stage.server({ eventStore: 'correct' });
    const { ticks, gaps, errors, statuses, receives } = await stage.connected(server.url);

    await server.notifyMany(200);
    await receives(50);
    // Some of these are sent before the drop, some during it, and some afterwards.
    const dropped = server[drop]();
    for (let from = 201; from <= 500; from += 10) await server.notifyMany(10, 'custom/tick', { from });
    await dropped;
    await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth: 2 });
    await server.notifyMany(200, 'custom/tick', { from: 501 });
    await receives(700);

    expect(ticks).toEqual(upTo(700));
    expect(gaps).toEqual([]);
    expect(errors).toEqual([]);
    expect(statuses.map(({ state }) => state)).not.toContain('reconnecting');
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1, getStreams: 1 });
  });

  it('remembers its last event through drops with no event in between', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { ticks, gaps, receives } = await stage.connected(server.url);
    await server.notifyMany(200);
    await receives(200);

    for (const nth of [2, 3, 4]) {
      await server.resetGet();
      await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth });
    }
    await server.refuseGet('reset', { times: 2 });
    await Promise.all([server.resetGet(), server.notifyMany(200, 'custom/tick', { from: 201 })]);
    await receives(400);

    expect(ticks).toEqual(upTo(400));
    expect(gaps).toEqual([]);
  });

  it('emits once although the server replays known events', async () => {
    const server = await stage.server({ eventStore: 'inclusive' });
    const { ticks, gaps, receives } = await stage.connected(server.url);
    await server.notifyMany(200);
    await receives(200);

    await Promise.all([server.resetGet(), server.notifyMany(200, 'custom/tick', { from: 201 })]);
    await receives(400);
    const { lastEventId } = await server.waitFor({ type: 'request', method: 'GET' }, { nth: 2 });
    await server.notifyMany(100, 'custom/tick', { from: 401 });
    await receives(500);

    expect(lastEventId).toEqual(expect.any(String));
    expect(ticks).toEqual(upTo(500));
    expect(gaps).toEqual([]);
  });

  it('reports invalid JSON once although the server repeats it', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { errors, receives, until } = await stage.connected(server.url);
    const invalid = 'id: invalid\ndata: {\n\n';
    await server.raw(invalid);
    await until(() => errors.length > 0);

    await server.resetGet();
    await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth: 2 });
    await server.raw(invalid);
    await server.notifyMany(1);
    await receives(1);

    expect(errors).toMatchObject([{ name: 'InvalidNotificationError' }]);
  });

  it('emits once although the server sends each event on two streams', async () => {
    const server = await stage.server({ eventStore: 'example' });
    const { ticks, receives, until } = await stage.connected(server.url);
    await server.notifyMany(1);
    await receives(1);
    await server.resetGet();
    await server.until(({ getStreams }) => getStreams === 2);
    await until(({ gaps }) => gaps.length === 1);

    const event = (n: number): string =>
      `id: own-${n}\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'custom/tick', params: { n } })}\n\n`;
    const streams = await server.raw(
      upTo(300)
        .map((n) => event(n + 1))
        .join(''),
    );
    await server.notifyMany(1, 'custom/tick', { from: 302 });
    await receives(302);

    expect(streams).toBe(2);
    expect([...ticks].sort((a, b) => a - b)).toEqual(upTo(302));
  });

  it('is replaced by a new one with a gap if the server does not know the event', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { ticks, gaps, errors, receives, until } = await stage.connected(server.url);
    await server.notifyMany(1);
    await receives(1);
    const tick = JSON.stringify({ jsonrpc: '2.0', method: 'custom/tick', params: { n: 2 } });
    await server.raw(`id: unknown\ndata: ${tick}\n\n`);
    await receives(2);

    await server.resetGet();
    await until(() => gaps.length > 0);
    await server.notifyMany(1, 'custom/tick', { from: 3 });
    await receives(3);

    expect(ticks).toEqual([1, 2, 3]);
    expect(gaps).toHaveLength(1);
    expect(errors).toEqual([]);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 1, getStreams: 1 });
  });
});

describe('a listening stream that is silent after it was resumed', () => {
  it('is replaced, with a gap', async () => {
    const server = await stage.server({ eventStore: 'example' });
    const { ticks, gaps, errors, receives, until } = await stage.connected(server.url);
    await server.notifyMany(100);
    await receives(100);

    await server.resetGet();
    await until(() => gaps.length > 0);
    await server.notifyMany(200, 'custom/tick', { from: 101 });
    await receives(300);

    expect(ticks).toEqual(upTo(300));
    expect(gaps).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it('is replaced each time', async () => {
    const server = await stage.server({ eventStore: 'example' });
    const { ticks, gaps, receives, until } = await stage.connected(server.url, {
      reconnect: { initialDelay: 20, stableAfter: 1, jitter: 'none' },
    });

    for (const n of [1, 2, 3]) {
      await server.notifyMany(100, 'custom/tick', { from: 100 * (n - 1) + 1 });
      await receives(100 * n);
      await server.resetGet();
      await until(() => gaps.length === n);
    }

    expect([...ticks].sort((a, b) => a - b)).toEqual(upTo(300));
  });
});
