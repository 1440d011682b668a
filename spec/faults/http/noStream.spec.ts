import { virtualTime } from 'rx-mcp/testing';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a server without a listening stream', () => {
  it.each([405, 404, 406])(
    'gives a session with listening: false whose calls work (GET answered %d)',
    async (status) => {
      const server = await stage.server({ get: status });
      const { scheduler, advance } = virtualTime();
      const { session, statuses, errors, gaps } = stage.session(server.url, {}, { scheduler });

      await session.connect();
      const progress: number[] = [];
      session.callTool$('work', { steps: 3 }).subscribe((event) => {
        if (event.kind === 'progress') progress.push(event.progress);
      });
      await server.waitFor({ type: 'tool-finished', name: 'work' });
      await session.ping();
      await advance(60_000);
      await session.ping();

      expect(progress).toEqual([1, 2, 3]);
      expect(statuses.map((s) => (s.state === 'connected' ? s.listening : s.state))).toEqual([
        'idle',
        'connecting',
        false,
      ]);
      // A missing stream is not a fault. Anything else is reported.
      expect(errors).toHaveLength(status === 405 ? 0 : 1);
      expect(gaps).toEqual([]);
      // After a different response, the stream is requested again: when the client is initialized, and with growing delays.
      const { GET = 0 } = (await server.counts()).requests;
      expect(GET > 1).toBe(status !== 405);
      expect(GET).toBeLessThanOrEqual(6);
    },
  );

  it('can be called if it responds with JSON', async () => {
    const server = await stage.server({ get: 405, jsonResponse: true });
    const { session, errors } = stage.session(server.url);

    await session.connect();

    expect(await session.callTool('echo', { whole: true })).toMatchObject({ content: [{ text: '{"whole":true}' }] });
    expect(errors).toEqual([]);
  });
});

describe('a server that acknowledges the handshake with an unusual status', () => {
  it('is listened to', async () => {
    const server = await stage.server({ initializedStatus: 200 });
    const { ticks, receives } = await stage.connected(server.url);

    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
  });
});

describe('a stream that opens late', () => {
  it('does not delay calls, and is not a gap on the first connection', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const late: typeof fetch = async (input, init) => {
      if (init?.method === 'GET') await server.waitFor({ type: 'message', method: 'ping' });
      return fetch(input, init);
    };
    const { session, statuses, gaps, errors, listens } = stage.session(proxy.url(), { fetch: late });

    await session.connect();
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
    await session.ping();
    await listens();

    expect(gaps).toEqual([]);
    expect(errors).toEqual([]);
  });
});
