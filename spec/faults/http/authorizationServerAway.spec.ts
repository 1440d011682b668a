import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { listen } from '../../rig/listen';
import { oauthProvider } from '../../rig/oauthProvider';
import { quick } from '../../rig/quick';
import { watchSession } from '../../rig/watchSession';

const json = { 'content-type': 'application/json' };
const initialized = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'guarded', version: '1' } };

/** Starts a server that requires a fresh token, and an authorization server that is unavailable for the first token requests. */
async function startOAuthFronted(away: (to: ServerResponse) => unknown, times: number) {
  let tokens = 0;
  const server = createServer((from, to) => {
    const url = from.url ?? '';
    if (url === '/token') {
      if (++tokens <= times) return void away(to);
      const fresh = { access_token: 'fresh', refresh_token: 'next', token_type: 'Bearer' };
      return void to.writeHead(200, json).end(JSON.stringify(fresh));
    }
    if (url !== '/mcp') return void to.writeHead(404).end();
    if (from.headers.authorization !== 'Bearer fresh')
      return void to.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    if (from.method !== 'POST') return void to.writeHead(405).end();
    let body = '';
    from.on('data', (chunk) => (body += String(chunk)));
    from.on('end', () => {
      const { id } = JSON.parse(body) as { id?: number };
      if (id === undefined) return void to.writeHead(202).end();
      to.writeHead(200, json).end(JSON.stringify({ jsonrpc: '2.0', id, result: initialized }));
    });
  });
  const { origin, close } = await listen(server);
  return {
    origin,
    requests: () => tokens,
    close,
  };
}

describe('an unavailable authorization server', () => {
  it.each<[string, (to: ServerResponse) => unknown]>([
    ['502 with HTML', (to) => to.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')],
    ['429', (to) => to.writeHead(429, json).end('{}')],
    ['200 with HTML', (to) => to.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>')],
    ['200 with truncated JSON', (to) => to.writeHead(200, json).end('{"access_')],
    ['400 with text', (to) => to.writeHead(400, { 'content-type': 'text/plain' }).end('upstream')],
    ['a redirect', (to) => to.writeHead(302, { location: 'http://127.0.0.2:1/gate' }).end()],
    ['a reset', (to) => to.socket?.resetAndDestroy()],
  ])('is retried by the policy, and the user is not redirected (%s)', async (_, away) => {
    const guarded = await startOAuthFronted(away, 2);
    const stale = { access_token: 'stale', refresh_token: 'good', token_type: 'Bearer', issuer: `${guarded.origin}/` };
    const authProvider = oauthProvider(stale);
    const connector = new HttpConnector(`${guarded.origin}/mcp`, { authProvider, reconnect: quick });
    const { session, statuses } = watchSession(new MCPSession(connector));

    await session.connect({ retry: true });

    expect(authProvider.redirects).toEqual([]);
    expect(guarded.requests()).toBe(3);
    expect(statuses.filter(({ state }) => state === 'reconnecting')).toHaveLength(2);
    await session.disconnect();
    await guarded.close();
  });
});
