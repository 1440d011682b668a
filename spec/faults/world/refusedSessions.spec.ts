import { type Asked, startWorldServer } from './startWorldServer';
import { json, plain } from './startWorldServer';
import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';

const stage = useStage(startWorldServer);

/** The number of rejected requests before the server recovers. */
const refusals = 4;

describe('a session that has been connected', () => {
  it.each([400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429, 451, 500, 501, 502, 503, 504])(
    'survives a deploy that responds to every request with %i',
    async (status) => {
      const server = await stage.server();
      const watched = await stage.connected(server);
      let refused = 0;
      server.answer((asked) => {
        refused++;
        return plain(asked, status);
      });
      server.cut();
      await server.until(() => refused >= refusals);
      server.forget();
      server.answer(undefined);

      await watched.listens();
      await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
      expect(states(watched)).not.toContain('closed');
      expect(
        watched.statuses.flatMap((status) => ('error' in status && status.error ? [status.error] : [])).length,
      ).toBeGreaterThan(0);
    },
  );

  it.each([
    ['a redirect to a login page', (asked: Asked) => void asked.to.writeHead(302, { location: '/login' }).end()],
    ['200 with HTML of a captive portal', (asked: Asked) => plain(asked, 200, '<html>welcome', 'text/html')],
    ['200 without a body', (asked: Asked) => void asked.to.writeHead(200).end()],
    ['a connection that is reset', (asked: Asked) => void asked.to.destroy()],
    ['half a response', (asked: Asked) => void asked.to.writeHead(200, { 'content-length': '9' }).end('{"json')],
  ])('survives %s in place of every response', async (_, act) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    let refused = 0;
    server.answer((asked) => {
      refused++;
      act(asked);
      return true;
    });
    server.cut();
    await server.until(() => refused >= refusals);
    server.forget();
    server.answer(undefined);

    await watched.listens();
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(states(watched)).not.toContain('closed');
  });

  it.each([400, 401, 403, 404, 410, 500])('starts a new session when requests are rejected with %i', async (status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((asked) =>
      asked.from.headers['mcp-session-id'] === 'session-1' ? plain(asked, status, 'unknown session') : false,
    );
    server.cut();

    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();
    expect(server.asked['initialize']).toBe(2);
    expect(states(watched)).not.toContain('closed');
  });

  it.each([404, 400, 500])('starts a new session on a JSON-RPC error without an id, with %i', async (status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((asked) =>
      asked.from.headers['mcp-session-id'] === 'session-1'
        ? json(asked, status, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'unknown session' } })
        : false,
    );
    server.cut();

    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();
    expect(server.asked['initialize']).toBe(2);
  });
});

describe('the first attempt', () => {
  it.each([400, 401, 403, 404, 410])('is final when it is rejected with %i', async (status) => {
    const server = await stage.server();
    server.answer((asked) => plain(asked, status));
    const { session, statuses } = stage.session(server.url);

    await expect(session.connect()).rejects.toMatchObject({ retryable: false });
    expect(statuses.at(-1)).toMatchObject({ state: 'closed' });
  });

  it('is retried by the policy with connect({ retry: true }) when the server is unavailable', async () => {
    const server = await stage.server();
    server.answer((asked) => plain(asked, 503));
    const { session, listens } = stage.session(server.url);
    const connecting = session.connect({ retry: true });
    await server.until(() => (server.asked['initialize'] ?? 0) >= 3);
    server.answer(undefined);
    await connecting;
    await listens();
  });
});

describe('a session that only the user can fix', () => {
  it('ends when the server agrees on a version that is not supported', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((asked) =>
      asked.what === 'initialize'
        ? json(asked, 200, {
            jsonrpc: '2.0',
            id: asked.id,
            result: { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: { name: 'w', version: '1' } },
          })
        : plain(asked, 404),
    );
    server.cut();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'closed');
  });
});
