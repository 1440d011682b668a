import type { Socket } from 'node:net';
import fc from 'fast-check';
import { filter, firstValueFrom, interval, map } from 'rxjs';
import { MCPServer, progress, type ServerSession, tool } from 'rx-mcp/server';
import { floodSessions } from './rig/floodSessions';
import { beginRaw, openRaw, type RawSocket, validHead } from './rig/rawSocket';
import { serve, until, type Served } from './rig/serve';

const ping = (id: unknown) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' });
const call = (id: unknown, name: string) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, _meta: { progressToken: 1 } } });
const get = (head: readonly string[]) => ['GET /mcp HTTP/1.1', ...head.slice(1)];
const without = (head: readonly string[], name: string) => head.filter((line) => !line.startsWith(`${name}:`));

describe('a client that writes its own bytes', () => {
  let served: Served;
  let server: MCPServer;
  let running = 0;
  const errors: unknown[] = [];
  /** The connections of the clients, and those of the server. */
  const opened: Socket[] = [];
  const connections = new Set<Socket>();

  const open = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    const tools = [
      tool('echo', {}, () => 'echo'),
      tool('work', {}, (_, { signal }) => {
        running++;
        signal.addEventListener('abort', () => running--);
        return interval(1).pipe(map((n) => progress(n + 1)));
      }),
    ];
    server = new MCPServer({ name: 'spec', version: '1' }, { tools, hosts: ['127.0.0.1'], ...options });
    server.errors$.subscribe((error) => errors.push(error));
    served = await serve(server);
    served.http.on('connection', (connection: Socket) => {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
    });
  };
  const connect = (): Promise<RawSocket> => openRaw(served, opened);
  /** Expects that the server holds nothing for its clients except their sessions, and serves a new one. */
  const expectNothingLeft = async () => {
    await until(() => connections.size === 0, 'the connections to close');
    await until(() => running === 0, 'the calls to end');
    await firstValueFrom(server.status$.pipe(filter((status) => status.listening + status.running === 0)));
    const raw = await connect();
    await beginRaw(raw);
    raw.socket.destroy();
  };

  afterEach(async () => {
    for (const socket of opened.splice(0)) socket.destroy();
    await served.close();
    running = 0;
    expect(errors.splice(0)).toEqual([]);
  });

  it('receives the responses to pipelined requests in order', async () => {
    await open();
    const raw = await connect();
    const head = await beginRaw(raw);
    const requests = [ping(1), call(2, 'echo'), '{', ping(3), ping(4)];
    raw.socket.write(
      requests.map((body) => `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`).join(''),
    );
    const text = await raw.matching(/"id":4/);
    expect(raw.statuses()).toEqual([200, 200, 200, 400, 200, 200]);
    expect([...text.matchAll(/"id":(\d+|null)/g)].map(([, id]) => id)).toEqual(['0', '1', '2', 'null', '3', '4']);
  });

  it('can send the bytes of a request one at a time, while others are served', async () => {
    await open();
    const raw = await connect();
    const head = await beginRaw(raw);
    const other = await connect();
    const body = ping('slow');
    for (const byte of `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`) {
      raw.socket.write(byte);
      await new Promise(setImmediate);
    }
    other.request(head, ping('quick'));
    await other.matching(/"id":"quick"/);
    expect(raw.statuses()).toEqual([200]);
    raw.socket.write('}');
    expect(await raw.matching(/"id":"slow"/)).toContain('"result":{}');
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => socket.destroy()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['ends', (socket) => socket.end()],
  ])('leaves nothing behind when it %s its connection within a request', async (_, leave) => {
    await open();
    const head = await beginRaw(await connect());
    const half = `${head.join('\r\n')}\r\nContent-Length: 1000\r\n\r\n{"jsonrpc"`;
    const parts = [half, `${head[0]}\r\nHost: 127`, half.replace('Content-Length: 1000', 'Transfer-Encoding: chunked')];
    for (const part of [...parts, `${head[0]}\r\n`]) {
      const raw = await connect();
      await new Promise((resolve) => raw.socket.write(part, resolve));
      leave(raw.socket);
    }
    opened[0]!.destroy();
    await expectNothingLeft();
  });

  it('receives 413 for a body over the limit, whose rest is not read', async () => {
    await open();
    const declared = await connect();
    declared.socket.write([...validHead, 'Content-Length: 1000000000000', '', ''].join('\r\n'));
    expect(await declared.matching(/exceeds 4194304 bytes/)).toMatch(/^HTTP\/1\.1 413 /);
    declared.socket.destroy();

    const endless = await connect();
    endless.socket.write([...validHead, 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    let sent = 0;
    while (!endless.socket.closed && sent < 100_000_000) {
      sent += chunk.length;
      if (endless.socket.write(chunk)) continue;
      const drained = new Promise((resolve) => endless.socket.once('drain', resolve));
      await Promise.race([drained, endless.closed()]);
    }
    expect(sent).toBeLessThan(50_000_000);
    await expectNothingLeft();
  });

  describe('receives the status', () => {
    it.each<[status: number, what: string, head: (head: readonly string[]) => readonly string[], body: string]>([
      [200, 'of a ping', (head) => head, ping(1)],
      [200, 'of a ping that accepts anything', (head) => [...without(head, 'Accept'), 'Accept: */*'], ping(1)],
      [
        200,
        'of a ping with a charset',
        (head) => [...without(head, 'Content-Type'), 'Content-Type: application/json; charset=utf-8'],
        ping(1),
      ],
      [200, 'of a ping that expects 100', (head) => [...head, 'Expect: 100-continue'], ping(1)],
      [200, 'of a ping with its own Origin', (head) => [...head, 'Origin: http://127.0.0.1:8080'], ping(1)],
      [400, 'of invalid JSON', (head) => head, '{"jsonrpc":"2.0",'],
      [400, 'of an empty body', (head) => head, ''],
      [400, 'of a body of control characters', (head) => head, '\u0000\u0001'],
      [400, 'of a compressed body', (head) => [...head, 'Content-Encoding: gzip'], '\u001f\u008b\u0008'],
      [400, 'of JSON that is not a message', (head) => head, '"ping"'],
      [400, 'of a batch', (head) => head, `[${ping(1)},${ping(2)}]`],
      [400, 'of an empty batch', (head) => head, '[]'],
      [400, 'of a fractional id', (head) => head, ping(1.5)],
      [400, 'of an id that is not exact', (head) => head, '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}'],
      [400, 'of the id null', (head) => head, ping(null)],
      [
        400,
        'of an unknown version',
        (head) => [...without(head, 'Mcp-Protocol-Version'), 'Mcp-Protocol-Version: 1999-01-01'],
        ping(1),
      ],
      [400, 'of a missing session', (head) => without(head, 'Mcp-Session-Id'), ping(1)],
      [404, 'of an unknown session', (head) => [...without(head, 'Mcp-Session-Id'), 'Mcp-Session-Id: x'], ping(1)],
      [
        404,
        'of a very long session id',
        (head) => [...without(head, 'Mcp-Session-Id'), `Mcp-Session-Id: ${'x'.repeat(8_000)}`],
        ping(1),
      ],
      [404, 'of two session ids', (head) => [...head, 'Mcp-Session-Id: x'], ping(1)],
      [400, 'of a missing Host', (head) => without(head, 'Host'), ping(1)],
      [403, 'of an empty Host', (head) => [...without(head, 'Host'), 'Host: '], ping(1)],
      [403, 'of a foreign Host', (head) => [...without(head, 'Host'), 'Host: evil.example'], ping(1)],
      [
        403,
        'of a Host that begins like its own',
        (head) => [...without(head, 'Host'), 'Host: 127.0.0.1.evil.example'],
        ping(1),
      ],
      [403, 'of a foreign Origin', (head) => [...head, 'Origin: https://evil.example'], ping(1)],
      [403, 'of an opaque Origin', (head) => [...head, 'Origin: null'], ping(1)],
      [406, 'of no Accept', (head) => without(head, 'Accept'), ping(1)],
      [406, 'of an Accept without events', (head) => [...without(head, 'Accept'), 'Accept: application/json'], ping(1)],
      [
        406,
        'of an Accept of a GET without events',
        (head) => [...without(get(head), 'Accept'), 'Accept: text/html'],
        '',
      ],
      [415, 'of no type', (head) => without(head, 'Content-Type'), ping(1)],
      [
        415,
        'of a type with the name of JSON in it',
        (head) => [...without(head, 'Content-Type'), 'Content-Type: text/application/json'],
        ping(1),
      ],
      [
        400,
        'of an absurd event id',
        (head) => [...get(head), `Last-Event-ID: ${'9'.repeat(5_000)}.${'9'.repeat(5_000)}`],
        '',
      ],
      [400, 'of an event id with control characters', (head) => [...get(head), 'Last-Event-ID: \u0001'], ''],
      [431, 'of headers that are too large', (head) => [...head, `X-A: ${'x'.repeat(20_000)}`], ping(1)],
      [
        431,
        'of too many headers',
        (head) => [...head, ...Array.from({ length: 2_500 }, (_, n) => `X-${n}: ${n}`)],
        ping(1),
      ],
      [405, 'of HEAD', (head) => ['HEAD /mcp HTTP/1.1', ...head.slice(1)], ''],
      [405, 'of TRACE', (head) => ['TRACE /mcp HTTP/1.1', ...head.slice(1)], ''],
      [405, 'of OPTIONS', (head) => ['OPTIONS /mcp HTTP/1.1', ...head.slice(1)], ''],
      [405, 'of PUT', (head) => ['PUT /mcp HTTP/1.1', ...head.slice(1)], ping(1)],
      [400, 'of an unknown method', (head) => ['FETCH /mcp HTTP/1.1', ...head.slice(1)], ping(1)],
    ])('%d %s', async (status, _, headOf, body) => {
      await open();
      const starter = await connect();
      const head = await beginRaw(starter);
      const raw = await connect();
      raw.request([...headOf(head), 'Connection: close'], body);
      await raw.closed();
      // The final status follows that of `Expect`.
      expect(raw.statuses().at(-1)).toBe(status);
      starter.request(head, ping('session'));
      await starter.matching(/"id":"session"/);
    });
  });

  it('receives 400 for the id of a running request, and can use the id again after the request', async () => {
    await open();
    const [one, two] = [await connect(), await connect()];
    const head = await beginRaw(two);
    one.request(head, call(7, 'work'));
    await one.matching(/"progress":3/);
    two.request(head, call(7, 'echo'));
    expect(await two.matching(/"id":7/)).toContain('already running');
    two.request(head, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }));
    // The final chunk: the response has ended, and the connection can be used for another request.
    await one.matching(/\r\n0\r\n\r\n$/);
    one.request(head, call(7, 'echo'));
    await one.matching(/"text":"echo"/);
    expect(two.statuses()).toEqual([200, 400, 202]);
  });

  it('receives 409 for a second stream, also after a pipelined request', async () => {
    await open();
    const [one, two] = [await connect(), await connect()];
    const head = await beginRaw(two);
    one.request(get(head));
    await one.matching(/^HTTP\/1\.1 200 [^]*\r\n\r\n/);
    two.request(head, ping(1));
    two.request(get(head));
    await two.matching(/already has a stream/);
    expect(two.statuses()).toEqual([200, 200, 409]);
    one.socket.destroy();
    two.socket.destroy();
    await expectNothingLeft();
  });

  it('receives the whole response before its connection closes, with Connection: close and with HTTP/1.0', async () => {
    await open();
    const head = await beginRaw(await connect());
    const close = await connect();
    close.request([...head, 'Connection: close'], call(1, 'echo'));
    expect(await close.closed()).toMatch(/connection: close[^]*"text":"echo"[^]*\r\n0\r\n\r\n$/i);
    const old = await connect();
    old.request(['POST /mcp HTTP/1.0', ...head.slice(1)], call(2, 'echo'));
    expect(await old.closed()).toMatch(/"text":"echo".*\n\n$/);
  });

  it.each<[string, ConstructorParameters<typeof MCPServer>[1]]>([
    ['without sessions', { sessions: false }],
    ['of a session', {}],
  ])('ends its response by leaving in the middle of it: a call %s', async (_, options) => {
    await open(options);
    const starter = await connect();
    const head = await beginRaw(starter);
    const raw = await connect();
    raw.request(head, call(1, 'work'));
    await raw.matching(/"progress":3/);
    raw.socket.resetAndDestroy();
    await until(() => connections.size === 1, 'the connection to close');
    // The call of a session continues, so that the client can resume it.
    if (options?.sessions !== false) {
      const [id] = /r\.[\w-]+\.\d+/.exec(raw.text())!;
      const resumed = await connect();
      resumed.request([...get(head), `Last-Event-ID: ${id}`]);
      await resumed.matching(/"progress":4/);
      starter.request(['DELETE /mcp HTTP/1.1', ...head.slice(1)]);
      await resumed.matching(/\r\n0\r\n\r\n$/);
      resumed.socket.destroy();
    }
    starter.socket.destroy();
    await expectNothingLeft();
  });

  it('has a bounded number of bytes waiting if it never reads, and leaves nothing behind', async () => {
    const buffer = 100_000;
    await open({ buffer, replay: { events: 100 } });
    const starter = await connect();
    const head = await beginRaw(starter);
    const [stream, work] = [await connect(), await connect()];
    stream.request(get(head));
    await stream.matching(/^HTTP\/1\.1 200 [^]*\r\n\r\n/);
    work.request(head, call(1, 'work'));
    await work.matching(/"progress":3/);
    for (const { socket } of [stream, work]) socket.pause();
    const maxWaiting = await floodSessions(server, connections);
    expect(maxWaiting).toBeGreaterThan(0);
    expect(maxWaiting).toBeLessThan(buffer + 10_000);
    for (const { socket } of [stream, work]) socket.destroy();
    starter.request(['DELETE /mcp HTTP/1.1', ...head.slice(1)]);
    await until(() => running === 0, 'the call to end');
    starter.socket.destroy();
    await expectNothingLeft();
  });

  it('has at most one large message waiting beyond the limit if it never reads', async () => {
    const buffer = 100_000;
    await open({ buffer });
    const sessions: ServerSession[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    const starter = await connect();
    const head = await beginRaw(starter);
    // The messages wait in the log, so the stream reads them in one batch.
    const text = 'x'.repeat(200_000);
    for (let n = 0; n < 60; n++) await sessions[0]!.notify('custom/large', { n, text });
    const stream = await connect();
    stream.socket.pause();
    stream.request(get(head));
    await until(() => [...connections].some(({ writableLength }) => writableLength > 0), 'the messages to wait');
    expect(Math.max(...[...connections].map(({ writableLength }) => writableLength))).toBeLessThan(500_000);
    stream.socket.resume();
    await stream.matching(/"n":59/);
    expect([...stream.text().matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n))).toEqual(
      Array.from({ length: 60 }, (_, n) => n),
    );
  });

  it('receives a status below 500 from fetch for any request', async () => {
    // The `Request` of a runtime may have no `Host` header.
    await open({ hosts: undefined });
    const header = fc.constantFrom('accept', 'content-type', 'mcp-session-id', 'last-event-id', 'mcp-protocol-version');
    const value = fc.oneof(
      fc.constantFrom('*/*', 'application/json, text/event-stream', 'application/json', '2025-11-25', '2026-07-28'),
      fc.string({ unit: fc.constantFrom(...Array.from('ab01;,/=. ')), maxLength: 10 }),
    );
    const message = fc.record(
      {
        jsonrpc: fc.constant('2.0'),
        id: fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.double()),
        method: fc.constantFrom('initialize', 'ping', 'tools/call', 'tools/list', 'server/discover', '__proto__'),
        params: fc.oneof(
          fc.json().map((json): unknown => JSON.parse(json)),
          fc.constant({ name: 'echo' }),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH'),
        fc.array(fc.tuple(header, value), { maxLength: 5 }),
        fc.oneof(message, fc.array(message, { maxLength: 3 }), fc.anything()),
        async (method, headers, parsedBody) => {
          const request = new Request('http://127.0.0.1/mcp', { method, headers });
          const { status, body } = await server.fetch(request, { parsedBody });
          await body?.cancel();
          expect(status).toBeGreaterThanOrEqual(200);
          expect(status).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
  });
});
