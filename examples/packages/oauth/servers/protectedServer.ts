import { createRemoteJWKSet, jwtVerify } from 'jose';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { MCPServer, tool } from 'rx-mcp/server';
import { Subject } from 'rxjs';

/** An MCP server on a port of 127.0.0.1 that requires a token of an authorization server. */
export interface ProtectedServer {
  readonly url: string;
  readonly server: MCPServer;
  /** Emits the reason of each rejected token. */
  readonly rejected$: Subject<string>;
  stop(): Promise<void>;
}

/** Starts the server, with the metadata of a protected resource (RFC 9728). */
export async function startProtectedServer(issuer: string): Promise<ProtectedServer> {
  const server = new MCPServer(
    { name: 'protected', version: '1.0.0' },
    { tools: [tool('whoami', {}, (_, { caller }) => caller.principal ?? 'unknown')] },
  );
  const rejected$ = new Subject<string>();
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const url = `${origin}/mcp`;
  const metadataPath = '/.well-known/oauth-protected-resource/mcp';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === metadataPath) {
      const metadata = { resource: url, authorization_servers: [issuer], scopes_supported: ['mcp', 'offline_access'] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata));
      return;
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: url });
      await serve(request, response, token, payload.sub ?? '');
    } catch (error) {
      rejected$.next((error as { code?: string }).code ?? String(error));
      const challenge = `Bearer resource_metadata="${origin}${metadataPath}"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse, token: string, sub: string): Promise<void> {
    const { method = 'GET', headers } = request;
    const body = method === 'POST' ? await text(request) : undefined;
    const ending = new AbortController();
    response.on('close', () => ending.abort());
    const answered = await server.fetch(
      new Request(url, {
        method,
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
        body,
        signal: ending.signal,
      }),
      { authInfo: { token, clientId: 'any', scopes: ['mcp'], extra: { sub } } },
    );
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).flushHeaders();
    if (answered.body)
      Readable.fromWeb(answered.body as ReadableStream)
        .on('error', () => undefined)
        .pipe(response);
    else response.end();
  }

  return {
    url,
    server,
    rejected$,
    async stop() {
      await server.close();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}
