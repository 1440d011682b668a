import { auth } from '@modelcontextprotocol/client';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { type ModernHttpServer, serveModernHttp } from '../../rig/modernServer/serveModernHttp';
import { type MemoryProvider, oauthProvider } from '../../rig/oauthProvider';
import { type OAuthFront, startOAuthFront } from '../../rig/startOAuthFront';

const unauthorized = { name: 'UnauthorizedError', retryable: false };

let server: ModernHttpServer;
let front: OAuthFront;
let authProvider: MemoryProvider;
let session: MCPSession;

beforeEach(async () => {
  server = await serveModernHttp();
  front = await startOAuthFront(server);
  authProvider = oauthProvider(undefined, { isRegistered: false });
  session = new MCPSession(new HttpConnector(front.url, { engine: modern({ negotiation: 'modern' }), authProvider }));
});

afterEach(async () => {
  await session.disconnect();
  await front.close();
  await server.close();
});

/** Connects as a user who agrees. */
async function connect(): Promise<void> {
  await expect(session.connect()).rejects.toMatchObject(unauthorized);
  await auth(authProvider, { serverUrl: front.url, authorizationCode: 'a code' });
  await session.connect();
}

describe('the authorization of protocol 2026-07-28', () => {
  it('registers with its application type', async () => {
    await connect();
    expect(front.registered).toMatchObject([{ at: front.issuers[0], as: { application_type: 'native' } }]);
    expect(await session.listTools()).not.toHaveLength(0);
  });

  it('rejects an authorization server with another issuer', async () => {
    front.claimed = 'https://elsewhere.example';
    await expect(session.connect()).rejects.toMatchObject(unauthorized);
    expect(front.registered).toEqual([]);
    expect(authProvider.redirects).toEqual([]);
  });

  it('requests the granted scopes along with additional ones', async () => {
    await connect();
    const more = 'Bearer error="insufficient_scope", scope="write"';
    front.authorize = (_authorization, method) => (method === 'tools/call' ? [403, more] : undefined);
    await expect(session.callTool('echo', {})).rejects.toMatchObject(unauthorized);
    expect(authProvider.redirects.at(-1)?.searchParams.get('scope')).toBe('read write');
  });

  it.each([
    ['truncated JSON', 200, '{"access_'],
    ['plain text', 400, 'upstream'],
    ['the JSON of a proxy', 404, '{"error":"Not Found"}'],
  ])('does not redirect the user if the response to a refresh is not from OAuth (%s)', async (_, status, body) => {
    await connect();
    const { length } = authProvider.redirects;
    front.expire();
    front.refuseTokens(1, (to) => void to.writeHead(status, { 'content-type': 'application/json' }).end(body));
    await expect(session.callTool('echo', {})).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: `authorizing: unexpected response from the authorization server (HTTP ${status}, application/json)`,
      retryable: true,
    });
    expect(authProvider.redirects).toHaveLength(length);
  });

  it('fails with the error of saveTokens', async () => {
    await connect();
    const { length } = authProvider.redirects;
    front.expire();
    authProvider.saveTokens = () => Promise.reject(new Error('disk full'));
    await expect(session.callTool('echo', {})).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'authorizing: authProvider.saveTokens(): disk full',
      retryable: true,
    });
    expect(authProvider.redirects).toHaveLength(length);
  });

  it('registers again when the server has moved to another authorization server', async () => {
    await connect();
    front.current = 1;
    front.authorize = () => [401, 'Bearer'];
    await expect(session.callTool('echo', {})).rejects.toMatchObject(unauthorized);
    expect(front.registered.map(({ at }) => at)).toEqual(front.issuers);
    expect(authProvider.redirects.at(-1)?.href).toContain(`${front.issuers[1]}/authorize`);
  });
});
