import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import express from 'express';
import fc from 'fast-check';
import { NEVER } from 'rxjs';
import { MCPServer, type NodeHandler, tool, toNodeHandler } from 'rx-mcp/server';
import { listen, type Listening } from '../rig/listen';
import { until } from './rig/serve';

const json = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

describe('toNodeHandler', () => {
  let server: MCPServer;
  let listening: Listening;
  const errors: unknown[] = [];

  const open = async (
    options: ConstructorParameters<typeof MCPServer>[1] = { sessions: false },
    listener: (handle: NodeHandler) => (request: IncomingMessage, response: ServerResponse) => void = (handle) =>
      handle,
  ) => {
    server = new MCPServer({ name: 'spec', version: '1' }, options);
    server.errors$.subscribe((error) => errors.push(error));
    listening = await listen(createServer({ requireHostHeader: false }, listener(toNodeHandler(server))));
  };
  const send = (init: RequestInit) => fetch(listening.url, { method: 'POST', headers: json, ...init });

  afterEach(async () => {
    await server.close();
    await listening.close();
    expect(errors.splice(0)).toEqual([]);
  });

  /** Sends the bytes of one request, closes the writing side, and resolves with everything that the server sends. */
  const exchange = async (head: readonly string[], body = '') => {
    const socket = connect(listening.port, '127.0.0.1');
    socket.on('error', () => undefined);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.end(
      Buffer.from(
        `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        'latin1',
      ),
    );
    await once(socket, 'close');
    return text;
  };
  const statusOf = async (head: readonly string[], body?: string) =>
    Number(/^HTTP\/1\.1 (\d+)/.exec(await exchange(head, body))?.[1]);

  it.each<[number, ...string[]]>([
    [405, 'TRACE /mcp HTTP/1.1', 'Host: a'],
    [405, 'PUT /mcp HTTP/1.1', 'Host: a'],
    [405, 'OPTIONS * HTTP/1.1', 'Host: a'],
    [405, 'HEAD /mcp HTTP/1.1', 'Host: a'],
    [400, 'POST /mcp HTTP/1.1', 'Host: ['],
    [400, 'POST /mcp HTTP/1.1', 'Host: user:password@a'],
    [400, 'POST /mcp HTTP/1.1', 'Host: a:99999'],
    [400, 'POST /mcp HTTP/1.1', 'Host: a b'],
    [400, 'POST http://[/mcp HTTP/1.1', 'Host: a'],
    [400, 'POST http://user:password@a/mcp HTTP/1.1', 'Host: a'],
    [415, 'POST http://b/mcp HTTP/1.1', 'Host: a'],
    [415, 'POST //b/mcp HTTP/1.1', 'Host: a'],
    [415, 'POST /mcp HTTP/1.1', 'Host: '],
    [415, 'POST /mcp HTTP/1.1', 'X-A: no host'],
    [415, 'POST /mcp HTTP/1.1', 'Host: a', 'Host: b'],
    [415, 'POST /mcp HTTP/1.0', 'Host: a'],
    [415, 'POST /%zz?x#x HTTP/1.1', 'Host: a', 'X-A: \u00ff'],
  ])('responds with %d to %s, %s', async (status, ...head) => {
    await open();
    expect(await statusOf(head)).toBe(status);
  });

  it('responds to any request with a status below 500', async () => {
    await open();
    const word = fc.string({
      unit: fc.constantFrom(...Array.from('abAB019:/[]@%?#*.,;=-_ \u00e9"\\{}')),
      maxLength: 12,
    });
    const name = fc.constantFrom(
      ...['Host', 'Origin', 'Accept', 'Content-Type', 'Mcp-Session-Id', 'Last-Event-Id', 'Mcp-Protocol-Version', 'X-A'],
    );
    const valid = fc.constantFrom('127.0.0.1', 'application/json', 'application/json, text/event-stream', '2025-11-25');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'TRACE', 'OPTIONS', 'HEAD', 'M-SEARCH', 'PROPFIND'),
        fc.oneof(
          fc.constant('/mcp'),
          word.map((path) => `/${path.replaceAll(' ', '')}`),
          word.map((target) => `http://${target.replaceAll(' ', '')}`),
        ),
        fc.array(fc.tuple(name, fc.oneof(word, valid)), { maxLength: 6 }),
        fc.oneof(fc.constant(ping), fc.json(), word),
        async (method, target, headers, body) => {
          const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([key, value]) => `${key}: ${value}`)];
          const status = await statusOf(head, Buffer.from(body).toString('latin1'));
          expect(status).toBeGreaterThanOrEqual(200);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('responds with 413 to a body that is too large, with and without its length', async () => {
    await open();
    const chunk = new Uint8Array(1_000_000).fill(32);
    const chunks = new ReadableStream({
      start(controller) {
        for (let index = 0; index < 5; index++) controller.enqueue(chunk);
        controller.close();
      },
    });
    expect((await send({ body: 'x'.repeat(5_000_000) })).status).toBe(413);
    expect((await send({ body: chunks, duplex: 'half' } as RequestInit)).status).toBe(413);
    expect(await (await send({ body: '{' })).json()).toMatchObject({ error: { code: -32700 } });
    expect(await (await send({ body: '' })).json()).toMatchObject({ error: { code: -32700 } });
    expect(await (await send({ body: ping })).json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
  });

  it('passes the authorization of a middleware, and ignores the next function of Express', async () => {
    const app = express();
    await open({ tools: [tool('who', {}, (_, { caller }) => String(caller.principal))], sessions: false }, (handle) => {
      app.use((request, _, next) => {
        Object.assign(request, { auth: { token: 't', clientId: 'alice', scopes: [] } });
        next();
      });
      app.use('/mcp', (request, response, next) => handle(request, response, next));
      return app;
    });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'who' } };
    expect(await (await send({ body: JSON.stringify(call) })).text()).toContain('"text":"alice"');
  });

  it('mentions body parsers in the error if one has read the body and the parsed body was not passed', async () => {
    await open(undefined, (handle) => express().use(express.json()).all('/mcp', handle));
    const response = await send({ body: ping });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: 'body: empty; behind a body parser, pass the parsed body to the handler' },
    });
  });

  it('ends the call of a client that leaves before and after the response has started', async () => {
    const states: string[] = [];
    await open({ tools: [tool('hang', {}, () => NEVER)], sessions: false });
    server.calls$.subscribe(({ state }) => states.push(state));
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang' } });
    const leaving = new AbortController();
    await send({ body, signal: leaving.signal });
    leaving.abort();
    await until(() => states.length === 2, 'the end of the call');
    expect(states).toEqual(['started', 'cancelled']);
    const socket = connect(listening.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{', () => socket.destroy());
    await once(socket, 'close');
    expect((await send({ body: '{' })).status).toBe(400);
  });
});
