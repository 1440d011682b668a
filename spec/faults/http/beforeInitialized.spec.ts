import { countTimers } from '../../rig/countTimers';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('notifications in response to notifications/initialized', () => {
  it('are all emitted, because the stream is already open', async () => {
    const server = await stage.server({ greetings: 7 });

    for (let times = 0; times < 10; times++) {
      const { session, ticks, statuses, gaps, errors, receives } = await stage.connected(server.url);
      await receives(7);

      expect(ticks).toEqual(upTo(7));
      expect({ gaps, errors }).toEqual({ gaps: [], errors: [] });
      expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'connected']);
      await session.disconnect();
    }
    expect((await server.counts()).requests).toMatchObject({ GET: 10 });
  });

  it('are emitted on each later connection', async () => {
    const server = await stage.server({ greetings: 7 });
    const { ticks, gaps, receives, until } = await stage.connected(server.url);
    await receives(7);

    await server.restart();
    // The gap is emitted after the greetings, once the session is connected.
    await until(({ ticks, gaps }) => ticks.length === 14 && gaps.length === 1);

    expect(ticks).toEqual([...upTo(7), ...upTo(7)]);
    expect(gaps).toHaveLength(1);
  });

  it.each([400, 404, 409, 500, 'reset', 'html'] as const)(
    'may be lost if the server rejects earlier streams, which is not a gap (%s)',
    async (getBeforeInitialized) => {
      const server = await stage.server({ greetings: 7, getBeforeInitialized });
      const { ticks, statuses, gaps, errors, receives } = await stage.connected(server.url);

      await server.notifyMany(1, 'custom/tick', { from: 8 });
      await receives(8);

      expect(ticks.at(-1)).toBe(8);
      expect(gaps).toEqual([]);
      expect(errors).toEqual([]);
      expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'connected']);
      expect(await server.counts()).toMatchObject({ sessionsOpened: 1, requests: { GET: 2 } });
    },
  );

  it('may be lost if the stream opens late, which delays connecting briefly', async () => {
    const server = await stage.server({ greetings: 7 });
    const late: typeof fetch = async (input, init) => {
      if (init?.method === 'GET') await server.waitFor({ type: 'message', method: 'ping' });
      return fetch(input, init);
    };
    const { session, gaps, statuses, listens } = stage.session(server.url, { fetch: late });

    await session.connect();
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
    await session.ping();
    await listens();

    expect(gaps).toEqual([]);
    expect((await server.counts()).requests).toMatchObject({ GET: 1 });
  });

  it('do not delay a handshake with a short timeout', async () => {
    const server = await stage.server();
    const never: typeof fetch = (input, init) =>
      init?.method === 'GET' ? new Promise<never>(() => undefined) : fetch(input, init);
    const { session, statuses } = stage.session(server.url, { fetch: never, connectTimeout: 1_000 });

    await session.connect();

    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
  });

  it('are requested once by a client that is unsubscribed in the meantime', async () => {
    const server = await stage.server({ getBeforeInitialized: 'hang' });
    const timers = countTimers();
    const { session } = stage.session(server.url, {}, { scheduler: timers.scheduler });
    const connecting = session.connect();
    connecting.catch(() => undefined);

    await server.waitFor({ type: 'request', method: 'GET' });
    await session.disconnect();

    expect(timers.pending).toBe(0);
    await expect(connecting).rejects.toMatchObject({ name: 'SessionClosedError' });
    const { messages, requests } = await server.counts();
    expect(requests).toMatchObject({ GET: 1 });
    expect(messages).not.toHaveProperty('notifications/initialized');
  });
});
