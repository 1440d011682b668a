import { type IncomingRequest } from './responses';
import { startWorldServer } from './startWorldServer';
import { json, plain } from './responses';
import { useStage } from '../../rig/useStage';
import { states, type Watched } from '../../rig/watchSession';

const stage = useStage(startWorldServer);

/** Replaces the server of a session, which first rejects a few requests. Resolves when the session listens again. */
async function deployed(reject: (incoming: IncomingRequest) => unknown): Promise<Watched> {
  const server = await stage.server();
  const watched = await stage.connected(server);
  const rejected = server.reject(4, reject);
  server.cut();
  await rejected;
  server.forget();
  server.answer(undefined);
  await watched.listens();
  return watched;
}

describe('a session that has been connected', () => {
  it.each([400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429, 451, 500, 501, 502, 503, 504])(
    'survives a deploy that responds to every request with %i',
    async (status) => {
      const watched = await deployed((incoming) => plain(incoming, status));

      await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
      expect(states(watched)).not.toContain('closed');
      expect(
        watched.statuses.flatMap((status) => ('error' in status && status.error ? [status.error] : [])).length,
      ).toBeGreaterThan(0);
    },
  );

  it.each([
    [
      'a redirect to a login page',
      (incoming: IncomingRequest) => void incoming.to.writeHead(302, { location: '/login' }).end(),
    ],
    [
      '200 with HTML of a captive portal',
      (incoming: IncomingRequest) => plain(incoming, 200, '<html>welcome', 'text/html'),
    ],
    ['200 without a body', (incoming: IncomingRequest) => void incoming.to.writeHead(200).end()],
    ['a connection that is reset', (incoming: IncomingRequest) => void incoming.to.destroy()],
    [
      'half a response',
      (incoming: IncomingRequest) => void incoming.to.writeHead(200, { 'content-length': '9' }).end('{"json'),
    ],
  ])('survives %s in place of every response', async (_, act) => {
    const watched = await deployed(act);

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(states(watched)).not.toContain('closed');
  });

  it.each([400, 401, 403, 404, 410, 500])('starts a new session when requests are rejected with %i', async (status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((incoming) =>
      incoming.from.headers['mcp-session-id'] === 'session-1' ? plain(incoming, status, 'unknown session') : false,
    );
    server.cut();

    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();
    expect(server.requestCounts['initialize']).toBe(2);
    expect(states(watched)).not.toContain('closed');
  });

  it.each([404, 400, 500])('starts a new session on a JSON-RPC error without an id, with %i', async (status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((incoming) =>
      incoming.from.headers['mcp-session-id'] === 'session-1'
        ? json(incoming, status, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'unknown session' } })
        : false,
    );
    server.cut();

    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();
    expect(server.requestCounts['initialize']).toBe(2);
  });
});

describe('the first attempt', () => {
  it.each([400, 401, 403, 404, 410])('is final when it is rejected with %i', async (status) => {
    const server = await stage.server();
    server.answer((incoming) => plain(incoming, status));
    const { session, statuses } = stage.session(server.url);

    await expect(session.connect()).rejects.toMatchObject({ retryable: false });
    expect(statuses.at(-1)).toMatchObject({ state: 'closed' });
  });

  it('is retried by the policy with connect({ retry: true }) when the server is unavailable', async () => {
    const server = await stage.server();
    server.answer((incoming) => plain(incoming, 503));
    const { session, listens, statuses } = stage.session(server.url);
    const connecting = session.connect({ retry: true });
    await server.until(() => (server.requestCounts['initialize'] ?? 0) >= 3);
    const attempts = server.requestCounts['initialize']!;
    server.answer(undefined);
    await connecting;
    await listens();
    expect(states({ statuses }).filter((state) => state === 'closed')).toEqual([]);
    expect(server.requestCounts['initialize']).toBe(attempts + 1);
  });
});

describe('a session that only the user can fix', () => {
  it('ends when the server agrees on a version that is not supported', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((incoming) =>
      incoming.kind === 'initialize'
        ? json(incoming, 200, {
            jsonrpc: '2.0',
            id: incoming.id,
            result: { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'w', version: '1' } },
          })
        : plain(incoming, 404),
    );
    server.cut();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'closed');
    expect(watched.statuses.at(-1)).toMatchObject({
      error: { name: 'ConnectionFailedError', retryable: false, message: expect.stringContaining('1999-01-01') },
    });
  });
});
