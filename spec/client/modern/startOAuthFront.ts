import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A front that asks for authorization, and two authorization servers that give it. */
export interface OAuthFront {
  readonly url: string;
  /** What identifies the first and the second authorization server. */
  readonly issuers: readonly [string, string];
  /** Which of the two is the one to go to. */
  current: 0 | 1;
  /** What the current one says that it is, if that is not what it is. */
  claimed: string | undefined;
  /** What clients registered with, in order, and where. */
  readonly registered: { at: string; as: Record<string, unknown> }[];
  /** The `WWW-Authenticate` of the refusal, with its status; `undefined` lets the request through. */
  judge: (authorization: string | undefined, method: string | undefined) => readonly [number, string] | undefined;
  close(): Promise<void>;
}

/** Starts a front for a server on a loopback port. Who has any token is let through. */
export async function startOAuthFront({ port: upstream }: { port: number }): Promise<OAuthFront> {
  const server = createServer((from, to) => void answer(from, to));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const front: OAuthFront = {
    url: `${origin}/mcp`,
    issuers: [`${origin}/first`, `${origin}/second`],
    current: 0,
    claimed: undefined,
    registered: [],
    judge: (authorization) => (authorization === undefined ? [401, 'Bearer'] : undefined),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const path = from.url ?? '';
    const body = await text(from);
    const json = (value: unknown): void => {
      to.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
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
    if (path.endsWith('/token')) return json({ access_token: 'a token', token_type: 'Bearer', scope: 'read' });
    to.writeHead(404).end();
  }

  function decide(from: IncomingMessage, to: ServerResponse, body: string): void {
    const { method, headers, url: path } = from;
    const said = body ? (JSON.parse(body) as { method?: string }).method : undefined;
    const refusal = front.judge(headers.authorization, said);
    if (refusal) return void to.writeHead(refusal[0], { 'www-authenticate': refusal[1] }).end();
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
