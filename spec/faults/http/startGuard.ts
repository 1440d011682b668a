import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';

/** A front that lets through who has a token, and gives out new ones. */
export interface Guard {
  readonly url: string;
  /** The tokens that are good now. */
  tokens(): OAuthTokens;
  /** The access token is good no more; the refresh token is, once. */
  expire(): void;
  /** Has the next so many requests for a token answered in another way. */
  refuseTokens(times: number, answer: (to: ServerResponse) => void): void;
  /** How often a token was asked for with a refresh token, and how often that was a good one. */
  readonly asked: number;
  readonly renewed: number;
  /** How many requests were refused. */
  readonly refused: number;
  close(): Promise<void>;
}

/** Starts a guard in front of a server on a loopback port. */
export async function startGuard({ port: upstream }: { port: number }): Promise<Guard> {
  let generation = 1;
  let isExpired = false;
  let asked = 0;
  let renewed = 0;
  let refused = 0;
  let refusal: { left: number; answer: (to: ServerResponse) => void } | undefined;
  const tokens = (): OAuthTokens => ({
    access_token: `access-${generation}`,
    refresh_token: `refresh-${generation}`,
    token_type: 'Bearer',
    // As the SDK keeps it: with tokens of an unknown origin it complains on the console.
    issuer: `${origin()}/`,
  });

  async function renew(from: IncomingMessage, to: ServerResponse): Promise<void> {
    asked++;
    if (refusal && refusal.left-- > 0) return refusal.answer(to);
    const used = new URLSearchParams(await text(from)).get('refresh_token');
    const isGood = used === `refresh-${generation}`;
    if (isGood) {
      renewed++;
      generation++;
      isExpired = false;
    }
    to.writeHead(isGood ? 200 : 400, { 'content-type': 'application/json' });
    to.end(JSON.stringify(isGood ? tokens() : { error: 'invalid_grant' }));
  }

  function forward(from: IncomingMessage, to: ServerResponse): void {
    const { method, headers, url: path } = from;
    const onward = request({ host: '127.0.0.1', port: upstream, method, headers, path }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      to.flushHeaders();
      answer.on('error', () => to.destroy());
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  }

  const server = createServer((from, to) => {
    if (from.url === '/token') return void renew(from, to);
    if (from.url !== '/mcp') return void to.writeHead(404).end();
    if (!isExpired && from.headers.authorization === `Bearer access-${generation}`) return forward(from, to);
    refused++;
    to.writeHead(401, { 'www-authenticate': 'Bearer realm="guard"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = (): string => `http://127.0.0.1:${port}`;

  return {
    url: `${origin()}/mcp`,
    tokens,
    expire: () => void (isExpired = true),
    refuseTokens: (left, answer) => void (refusal = { left, answer }),
    get asked() {
      return asked;
    },
    get renewed() {
      return renewed;
    },
    get refused() {
      return refused;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
