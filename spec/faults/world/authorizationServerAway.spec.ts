import type { ServerResponse } from 'node:http';
import { ConnectionFailedError } from 'rx-mcp';
import { type MemoryProvider, oauthProvider } from '../../rig/oauthProvider';
import { startOAuthFront } from '../../rig/startOAuthFront';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const html =
  (status: number, headers = {}) =>
  (to: ServerResponse) =>
    void to.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html>away</html>');

const json =
  (status: number, body: string, headers = {}) =>
  (to: ServerResponse) =>
    void to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

const text = (status: number, body: string) => (to: ServerResponse) =>
  void to.writeHead(status, { 'content-type': 'text/plain' }).end(body);

async function guarded() {
  const server = await stage.server();
  const guard = await startOAuthFront(server);
  stage.after(() => guard.close());
  const authProvider = oauthProvider(guard.tokens());
  const watched = await stage.connected(guard.url, { authProvider });
  return { server, guard, authProvider, ...watched };
}

describe('an authorization server that is unavailable while a token is refreshed', () => {
  it.each([
    ['502 with HTML', html(502)],
    ['503 with HTML', html(503)],
    ['429', html(429, { 'retry-after': '0' })],
    ['200 with HTML', html(200)],
    ['a reset connection', (to: ServerResponse) => void to.destroy()],
    ['a JSON error that is not about the grant', json(500, '{"error":"server_error"}')],
    ['400 with a temporary error', json(400, '{"error":"server_error"}')],
    ['200 with truncated JSON', json(200, '{"access_')],
    ['200 with JSON that is not an object', json(200, 'null')],
    ['200 without a token', json(200, '{"token_type":"Bearer"}')],
    ['200 without content', json(200, '')],
    ['400 with plain text', text(400, 'upstream')],
    ['404 with plain text', text(404, 'not here')],
    ['404 with the JSON of a proxy', json(404, '{"status":404,"error":"Not Found"}')],
    ['a redirect to another origin', json(302, '', { location: 'http://127.0.0.2:1/gate' })],
  ])('is retried without redirecting the user (%s, twice)', async (_, answer) => {
    const { guard, authProvider, session, statuses, listens } = await guarded();

    guard.expire();
    guard.refuseTokens(2, answer);
    let echoed: unknown;
    for (let calls = 0; calls < 5 && echoed === undefined; calls++) {
      echoed = await session.callTool('echo', { a: 1 }).catch(() => undefined);
    }

    expect(echoed).toMatchObject({ content: [{ text: '{"a":1}' }] });
    await listens();
    expect(authProvider.redirects).toEqual([]);
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  });

  it('fails the call with a retryable error', async () => {
    const { guard, session } = await guarded();
    guard.expire();
    guard.refuseTokens(1, json(200, '{"access_'));
    const outcome = await session.callTool('echo').catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(ConnectionFailedError);
    expect(outcome).toMatchObject({
      message: 'authorizing: unexpected response from the authorization server (HTTP 200, application/json)',
      retryable: true,
    });
  });

  it('receives one request for many concurrent refreshes', async () => {
    const { guard, authProvider, session } = await guarded();
    guard.expire();
    const calls = Array.from({ length: 10 }, (_, n) => session.callTool('echo', { n }));
    expect(await Promise.all(calls)).toHaveLength(10);
    expect({ requestCount: guard.requestCount, redirects: authProvider.redirects.length }).toEqual({
      requestCount: 1,
      redirects: 0,
    });
  });

  it.each([
    ['400 with invalid_grant', json(400, '{"error":"invalid_grant"}')],
    ['400 with a description instead of a code', json(400, '{"error":"Invalid refresh token"}')],
    ['200 with a code of its own', json(200, '{"error":"bad_refresh_token"}')],
  ])('ends the session when it rejects the grant (%s)', async (_, answer) => {
    const { guard, session, until } = await guarded();
    guard.expire();
    guard.refuseTokens(Infinity, answer);
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'UnauthorizedError' });
    await until(({ statuses }) => statuses.at(-1)?.state === 'closed');
  });
});

describe('a method of the provider that fails while a token is refreshed', () => {
  const full = new Error('disk full');
  const fail = (): never => {
    throw full;
  };

  it.each<[string, keyof MemoryProvider, () => unknown]>([
    ['throws', 'saveTokens', fail],
    ['rejects', 'saveTokens', () => Promise.reject(full)],
    ['throws', 'addClientAuthentication', fail],
  ])('fails the call without redirecting the user (%s, %s)', async (_, name, failing) => {
    const { guard, authProvider, session, statuses } = await guarded();
    Object.assign(authProvider, { [name]: failing });
    guard.expire();

    const outcome = await session.callTool('echo').catch((error: unknown) => error);

    expect(outcome).toBeInstanceOf(ConnectionFailedError);
    expect(outcome).toMatchObject({
      message: `authorizing: authProvider.${name}(): disk full`,
      retryable: true,
      cause: full,
    });
    expect(authProvider.redirects).toEqual([]);
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  });

  it('is called again by the next call', async () => {
    let failures = 1;
    const { guard, authProvider, session, statuses } = await guarded();
    const { saveTokens } = authProvider;
    authProvider.saveTokens = (tokens) => (failures-- > 0 ? fail() : saveTokens(tokens));
    const old = guard.tokens();
    guard.expire();
    guard.refuseTokens(1, json(200, JSON.stringify(old)));

    await session.callTool('echo').catch(() => undefined);
    let echoed: unknown;
    for (let calls = 0; calls < 5 && echoed === undefined; calls++) {
      echoed = await session.callTool('echo', { a: 1 }).catch(() => undefined);
    }

    expect(echoed).toMatchObject({ content: [{ text: '{"a":1}' }] });
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  });
});
