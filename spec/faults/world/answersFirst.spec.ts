import { json, plain, type IncomingRequest } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';

const stage = useStage(startWorldServer);

const rpcError = (incoming: IncomingRequest, status: number, code = -32601): true =>
  json(incoming, status, { jsonrpc: '2.0', id: incoming.id, error: { code, message: 'no such thing' } });

describe('a JSON-RPC error with the id of the request', () => {
  it.each([400, 404, 405, 410, 422, 500, 501, 503])('is the response to it, with HTTP %i', async (status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((incoming) => incoming.kind === 'tools/call' && rpcError(incoming, status, -32050));

    await expect(watched.session.callTool('echo')).rejects.toMatchObject({
      name: 'ServerError',
      code: -32050,
      message: expect.stringContaining('no such thing'),
    });
    await watched.session.ping();
    expect(server.requestCounts['initialize']).toBe(1);
    expect(states(watched)).not.toContain('reconnecting');
  });

  it.each([404, 400, 500])(
    'in response to a list leads to an empty live list, and not to a new session, with HTTP %i',
    async (status) => {
      const server = await stage.server();
      const { session, until } = await stage.connected(server);
      server.answer((incoming) => incoming.kind === 'resources/list' && rpcError(incoming, status));

      const lists: unknown[] = [];
      session.resources$.subscribe((resources) => lists.push(resources));
      await server.until(() => server.requestCounts['resources/list'] === 1);
      await session.ping();
      await until(() => true);
      expect(lists).toEqual([[]]);
      expect(server.requestCounts).toMatchObject({ initialize: 1, 'resources/list': 1 });
    },
  );

  it('proves that the server is alive if it responds to a ping', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'ping' && rpcError(incoming, 404));
    const watched = await stage.connected(server, { keepAlive: 500 });
    await server.until(() => (server.requestCounts['ping'] ?? 0) >= 3);
    expect(server.requestCounts['initialize']).toBe(1);
    expect(states(watched)).not.toContain('reconnecting');
  });
});

describe('a session that expires immediately', () => {
  it.each([404, 400, 410])('is replaced with growing delays, even with a live view (%i)', async (status) => {
    const server = await stage.server();
    const delays: number[] = [];
    const watched = stage.session(server.url, { reconnect: { initialDelay: 20, maxDelay: 5_000, jitter: 'none' } });
    watched.session.status$.subscribe((now) => now.state === 'reconnecting' && delays.push(now.delay));
    await watched.session.connect();
    await watched.listens();
    server.answer((incoming) =>
      incoming.kind === 'initialize' || incoming.id === undefined ? false : plain(incoming, status),
    );
    watched.session.tools$.subscribe();
    watched.session.resources$.subscribe();

    await server.until(() => (server.requestCounts['initialize'] ?? 0) >= 5);
    await watched.until(() => delays.some((delay) => delay >= 80));
  });
});
