import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { listen } from './listen';

/** A front that requires an access token, and two authorization servers that issue tokens. */
export interface OAuthFront {
  readonly url: string;
  /** The issuers of the first and the second authorization server. */
  readonly issuers: readonly [string, string];
  /** The authorization server that the metadata names. */
  current: 0 | 1;
  /** The issuer in the metadata, if it is a wrong one. */
  claimed: string | undefined;
  /** The registrations of clients, in order. */
  readonly registered: { at: string; as: Record<string, unknown> }[];
  /** Returns the status and `WWW-Authenticate` of a rejection, or `undefined` to forward the request. */
  authorize: (authorization: string | undefined, method: string | undefined) => readonly [number, string] | undefined;
  /** The valid tokens. */
  tokens(): OAuthTokens;
  /** Invalidates the access token. The refresh token works once more. */
  expire(): void;
  /** Responds differently to the next requests for a token. */
  refuseTokens(times: number, answer: (to: ServerResponse) => void): void;
  /** The number of requests for a token. */
  readonly requestCount: number;
  readonly renewed: number;
  /** The number of rejected requests. */
  readonly refused: number;
  close(): Promise<void>;
}

/** Starts a front for a server on a loopback port. */
export async function startOAuthFront({ port: upstream }: { port: number }): Promise<OAuthFront> {
  let generation = 1;
  let isExpired = false;
  let requestCount = 0;
  let renewed = 0;
  let refused = 0;
  let refusal: { left: number; answer: (to: ServerResponse) => void } | undefined;

  const server = createServer((from, to) => {
    answer(from, to).catch(() => to.destroy());
  });
  const { url, origin, close } = await listen(server);

  const front: OAuthFront = {
    url,
    issuers: [`${origin}/first`, `${origin}/second`],
    current: 0,
    claimed: undefined,
    registered: [],
    authorize: (authorization) =>
      isExpired || authorization !== `Bearer ${tokens().access_token}` ? [401, 'Bearer'] : undefined,
    tokens,
    expire: () => void (isExpired = true),
    refuseTokens: (left, answer) => void (refusal = { left, answer }),
    get requestCount() {
      return requestCount;
    },
    get renewed() {
      return renewed;
    },
    get refused() {
      return refused;
    },
    close,
  };

  function tokens(): OAuthTokens {
    return {
      access_token: `access-${generation}`,
      refresh_token: `refresh-${generation}`,
      token_type: 'Bearer',
      scope: 'read',
      // The SDK stores it with the tokens, and warns about tokens without.
      issuer: front.issuers[front.current],
    };
  }

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const path = from.url ?? '';
    const body = await text(from);
    const json = (value: unknown, status = 200): void => {
      to.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (path === '/mcp') return decide(from, to, body);
    if (path === '/.well-known/oauth-protected-resource/mcp')
      return json({ resource: front.url, authorization_servers: [front.issuers[front.current]] });
    if (path.startsWith('/.well-known/oauth-authorization-server/')) {
      const at = `${origin}/${path.split('/').at(-1) ?? ''}`;
      return json({
        issuer: front.claimed ?? at,
        authorization_endpoint: `${at}/authorize`,
        token_endpoint: `${at}/token`,
        registration_endpoint: `${at}/register`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (path.endsWith('/register')) {
      const as = JSON.parse(body) as Record<string, unknown>;
      front.registered.push({ at: origin + path.slice(0, -'/register'.length), as });
      return json({ ...as, client_id: `client-${front.registered.length}` });
    }
    if (!path.endsWith('/token')) return void to.writeHead(404).end();
    requestCount++;
    if (refusal && refusal.left-- > 0) return refusal.answer(to);
    const used = new URLSearchParams(body).get('refresh_token');
    if (used !== null && used !== tokens().refresh_token) return json({ error: 'invalid_grant' }, 400);
    if (used !== null) {
      renewed++;
      generation++;
    }
    isExpired = false;
    json(tokens());
  }

  function decide(from: IncomingMessage, to: ServerResponse, body: string): void {
    const { method, headers, url: path } = from;
    const called = body ? (JSON.parse(body) as { method?: string }).method : undefined;
    const refusal = front.authorize(headers.authorization, called);
    if (refusal) {
      refused++;
      return void to.writeHead(refusal[0], { 'www-authenticate': refusal[1] }).end();
    }
    const onward = request({ host: '127.0.0.1', port: upstream, method, headers, path }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      to.flushHeaders();
      answer.on('error', () => to.destroy());
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    onward.end(body);
  }

  return front;
}
