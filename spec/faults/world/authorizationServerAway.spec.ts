import type { ServerResponse } from 'node:http';
import { oauthProvider } from '../../rig/oauthProvider';
import { startOAuthFront } from '../../rig/startOAuthFront';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const html =
  (status: number, headers = {}) =>
  (to: ServerResponse) =>
    void to.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<html>away</html>');

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
    [
      'a JSON error that is not about the grant',
      (to: ServerResponse) =>
        void to.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"server_error"}'),
    ],
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

  it('ends the session when it rejects the grant', async () => {
    const { guard, session, until } = await guarded();
    guard.expire();
    guard.refuseTokens(Infinity, (to) => {
      to.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
    });
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'UnauthorizedError' });
    await until(({ statuses }) => statuses.at(-1)?.state === 'closed');
  });
});
