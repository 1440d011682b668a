import type { Socket } from 'node:net';
import { concat, filter, firstValueFrom, from, map, NEVER, of } from 'rxjs';
import { log, MCPServer, type SessionEnd, tool } from 'rx-mcp/server';
import { beginRaw, openRaw, type RawSocket, validHead } from './rig/rawSocket';
import { serve, until, type Served } from './rig/serve';

/** More bytes than the operating system buffers for a connection. */
const large = 'x'.repeat(12_000_000);
const text = 'x'.repeat(1_000);
const modern = '2026-07-28';
const call = (name: string, _meta = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, _meta } });
const get = (head: readonly string[], ...more: readonly string[]) => ['GET /mcp HTTP/1.1', ...head.slice(1), ...more];
const opened = /^HTTP\/1\.1 200 [^]*\r\n\r\n[^]*\n\n/;

describe('a stream of a client that does not read', () => {
  let served: Served;
  let server: MCPServer;
  const ends: SessionEnd[] = [];
  const errors: unknown[] = [];
  /** The connections of the clients, and those of the server. */
  const sockets: Socket[] = [];
  const connections = new Set<Socket>();

  const open = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    const tools = [
      tool('large', {}, () => large),
      tool('logs', {}, () =>
        concat(of(log('info', large)), from({ length: 30_000 }).pipe(map(() => log('info', text))), NEVER),
      ),
      tool('logged', {}, () => concat(of(log('info', large)), of('done'))),
      tool('hang', {}, () => concat(of(log('info', large)), NEVER)),
    ];
    server = new MCPServer({ name: 'spec', version: '1' }, { tools, buffer: 20_000_000, ...options });
    server.errors$.subscribe((error) => errors.push(error));
    server.sessions$.subscribe(({ ended$ }) => ended$.subscribe((reason) => ends.push(reason)));
    served = await serve(server);
    served.http.on('connection', (connection: Socket) => {
      connections.add(connection);
      connection.once('close', () => connections.delete(connection));
    });
  };
  const connect = (): Promise<RawSocket> => openRaw(served, sockets);
  const begin = async (): Promise<readonly string[]> => {
    const raw = await connect();
    const head = await beginRaw(raw);
    raw.socket.destroy();
    return head;
  };
  /** Sends a request on a connection that is no longer read. */
  const stall = async (head: readonly string[], body?: string): Promise<void> => {
    const raw = await connect();
    raw.socket.pause();
    raw.request(head, body);
  };
  /** Opens the stream of a session, and stops reading it. */
  const listen = async (head: readonly string[]): Promise<RawSocket> => {
    const raw = await connect();
    raw.request(get(head));
    await raw.matching(opened);
    raw.socket.pause();
    return raw;
  };
  /** Sends one large notification, and more small ones than the log keeps. */
  const flood = async (): Promise<void> => {
    await server.notify('custom/large', { large });
    for (let n = 0; n < 2_500; n++) await server.notify('custom/flood', { n, text });
  };
  const stalled = (): Socket[] => [...connections].filter(({ writableLength }) => writableLength > 0);
  const status = (listening: number) => firstValueFrom(server.status$.pipe(filter((s) => s.listening === listening)));

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await served.close();
    ends.length = 0;
    connections.clear();
    expect(errors.splice(0)).toEqual([]);
  });

  it('is detached from its session at once when the log drops a notification, so that the session can listen or end', async () => {
    await open({ sessions: { idle: 3_000, max: 1 } });
    const head = await begin();
    await listen(head);
    await status(1);
    await flood();
    await status(0);
    expect(stalled()).toHaveLength(1);
    const next = await connect();
    next.request(get(head));
    await next.matching(/^HTTP\/1\.1 200 /);
    next.socket.destroy();
    await until(() => ends.length === 1, 'the end of the session');
    expect(ends).toEqual(['idle']);
    await begin();
  });

  it('is detached when the log of its session drops a message', async () => {
    await open();
    const head = await begin();
    const session = await firstValueFrom(server.sessions$);
    await listen(head);
    await status(1);
    await session.notify('custom/large', { large });
    for (let n = 0; n < 1_100; n++) await session.notify('custom/flood', { n, text });
    await status(0);
  });

  it('stays attached while its log has the next message', async () => {
    await open();
    const head = await begin();
    const raw = await listen(head);
    await server.notify('custom/large', { large });
    for (let n = 0; n < 900; n++) await server.notify('custom/flood', { n, text });
    raw.socket.resume();
    await raw.matching(/"n":899,/);
    expect(await status(1)).toMatchObject({ listening: 1 });
  });

  it('can still be read to its end, after which the connection serves more requests', async () => {
    await open();
    const head = await begin();
    const raw = await listen(head);
    await flood();
    await status(0);
    const [connection] = stalled();
    raw.socket.resume();
    await until(() => raw.text().endsWith('\r\n0\r\n\r\n'), 'the end of the stream');
    expect(raw.text().length).toBeGreaterThan(large.length);
    expect(connection!.timeout ?? 0).toBe(0);
    raw.request(head, JSON.stringify({ jsonrpc: '2.0', id: 'next', method: 'ping' }));
    await raw.matching(/"id":"next"/);
  });

  it('is closed with its connection if the client does not continue to read, in every kind of response', async () => {
    await open();
    const metaOf = (name: string) => `io.modelcontextprotocol/${name}`;
    const meta = {
      [metaOf('protocolVersion')]: modern,
      [metaOf('clientCapabilities')]: {},
      [metaOf('logLevel')]: 'info',
    };
    const modernHead = (name: string) => [
      ...validHead,
      `Mcp-Protocol-Version: ${modern}`,
      'Mcp-Method: tools/call',
      `Mcp-Name: ${name}`,
    ];
    const [flooded, replaced, calling] = [await begin(), await begin(), await begin()];
    await listen(flooded);
    const old = await listen(replaced);
    await status(2);
    await flood();
    await status(0);
    const id = /\nid: (\S+)/.exec(old.text())![1]!;
    const next = await connect();
    next.request(get(replaced, `Last-Event-ID: ${id}`));
    await stall(calling, call('large'));
    await stall(calling, call('logs').replace('"id":1', '"id":2'));
    await stall(modernHead('logged'), call('logged', meta));
    await stall(modernHead('logs'), call('logs', meta));
    await until(() => stalled().length === 6, 'the responses to wait');
    next.socket.destroy();
    const dead = stalled();
    await Promise.all(dead.map((connection) => new Promise((resolve) => connection.once('close', resolve))));
    expect(dead).toHaveLength(6);
  });

  it('is closed with its connection after the server has closed', async () => {
    await open();
    await stall(await begin(), call('hang'));
    await until(() => stalled().length === 1, 'the response to wait');
    const [connection] = stalled();
    const closed = new Promise((resolve) => connection!.once('close', resolve));
    await server.close({ grace: 10 });
    await closed;
  });
});
