import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** The lifetime of an access token, in seconds. */
export const tokenLifetime = 2;

/** An OAuth authorization server on a port of 127.0.0.1, and its login page. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The grant types of the tokens that were issued. */
  readonly issued: readonly string[];
  /** Ends every login. Later refreshes fail. */
  revokeAll(): Promise<void>;
  /** Logs a user in, like a browser. Resolves with the URL that the browser is redirected to. */
  login(url: URL): Promise<URL>;
  stop(): Promise<void>;
}

/** Starts `oidc-provider`: discovery (RFC 8414), registration (RFC 7591), PKCE, resource indicators and refresh tokens. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const issued: string[] = [];
  const grants = new Set<string>();
  const provider = new Provider(issuer, {
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'mcp',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenLifetime,
        }),
      },
    },
    scopes: ['openid', 'offline_access', 'mcp'],
    pkce: { required: () => true },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    cookies: { keys: ['the key of an example'] },
  });
  provider.on('grant.success', ({ oidc: { params, entities } }) => {
    issued.push(String(params?.['grant_type']));
    if (entities.Grant) grants.add(entities.Grant.jti);
  });
  http.on('request', provider.callback());

  return {
    issuer,
    issued,
    async revokeAll() {
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
    },
    login,
    async stop() {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

/** Follows redirects with cookies, and submits the forms for the login and the consent. */
async function login(url: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let next: { url: URL; form?: URLSearchParams } = { url };
  for (let step = 0; step < 20; step++) {
    const { url: at, form } = next;
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name) cookies.set(name, value ?? '');
    }
    const location = response.headers.get('location');
    const page = await response.text();
    if (location) next = { url: new URL(location, at) };
    else next = { url: new URL(/action="([^"]+)"/.exec(page)?.[1] ?? fail(page), at), form: formOf(page) };
    if (next.url.pathname === '/callback') return next.url;
  }
  return fail('too many redirects');
}

function formOf(page: string): URLSearchParams {
  const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1] ?? fail(page);
  return new URLSearchParams(prompt === 'login' ? { prompt, login: 'ada', password: 'any' } : { prompt });
}

function fail(page: string): never {
  throw new Error(
    `login: unexpected page (${page
      .replace(/<[^>]*>/g, ' ')
      .trim()
      .slice(0, 300)})`,
  );
}
