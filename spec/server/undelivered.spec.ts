import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { memoryBackplane, MCPServer, type SessionEnd } from 'rx-mcp/server';
import { firstValueFrom } from 'rxjs';
import { serve, until, type Served } from './rig/serve';

const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
const head = [
  'POST /mcp HTTP/1.1',
  'Host: 127.0.0.1',
  'Accept: application/json, text/event-stream',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
];

/** A backplane that stores no session until it is released. */
function heldBackplane() {
  const backplane = memoryBackplane();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let isStoring = false;
  const set: typeof backplane.set = async (key, value, ttl) => {
    if (key.startsWith('s:')) {
      isStoring = true;
      await released;
    }
    return backplane.set(key, value, ttl);
  };
  return { backplane: { ...backplane, set }, release, isStoring: () => isStoring };
}

describe('a session whose initialize response cannot be delivered', () => {
  let served: Served;
  let server: MCPServer;
  const ends: SessionEnd[] = [];
  const errors: unknown[] = [];
  const connections: Socket[] = [];

  const open = async (options: ConstructorParameters<typeof MCPServer>[1]) => {
    server = new MCPServer({ name: 'spec', version: '1' }, options);
    server.sessions$.subscribe(({ ended$ }) => ended$.subscribe((reason) => ends.push(reason)));
    server.errors$.subscribe((error) => errors.push(error));
    served = await serve(server);
    served.http.on('connection', (connection: Socket) => connections.push(connection));
  };
  const send = (): Socket => {
    const socket = connect(Number(served.url.port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    return socket;
  };
  afterEach(async () => {
    await served.close();
    ends.length = 0;
    connections.length = 0;
    expect(errors.splice(0)).toEqual([]);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes its socket', (socket) => socket.destroy()],
    ['resets its socket', (socket) => socket.resetAndDestroy()],
  ])('ends at once, if the client %s before the response', async (_, leave) => {
    const { backplane, release, isStoring } = heldBackplane();
    await open({ backplane });
    const socket = send();
    await until(isStoring, 'the request');
    const closed = new Promise((resolve) => connections[0]!.once('close', resolve));
    leave(socket);
    await closed;
    release();
    await until(() => ends.length === 1, 'the end of the session');
    expect(ends).toEqual(['closed']);
    expect(await firstValueFrom(server.status$)).toMatchObject({ sessions: 0 });
  });

  it('ends at once, if the signal of a web request has aborted', async () => {
    await open({});
    const leaving = new AbortController();
    const headers = Object.fromEntries(head.slice(2).map((line) => line.split(': ')));
    const request = new Request('http://127.0.0.1/mcp', { method: 'POST', headers, body, signal: leaving.signal });
    const replied = server.fetch(request, { parsedBody: JSON.parse(body) });
    leaving.abort();
    const { headers: answered } = await replied;
    expect(answered.get('mcp-session-id')).not.toBeNull();
    await until(() => ends.length === 1, 'the end of the session');
    expect(ends).toEqual(['closed']);
  });

  it('does not end if the response was delivered and the connection closes', async () => {
    await open({});
    const socket = send();
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    const id = /mcp-session-id: (.*)\r\n/i.exec(chunk.toString())![1]!;
    const closed = new Promise((resolve) => connections[0]!.once('close', resolve));
    socket.destroy();
    await closed;
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    expect((await served.send({ json: ping, session: id })).status).toBe(200);
    expect(ends).toEqual([]);
  });
});
