import { Agent, createServer, get } from 'node:http';
import { firstValueFrom } from 'rxjs';
import { listen } from './listen';
import { connectOverHttp, type PlainClient } from './plainClient';
import { type FaultServer, startFaultServer } from './startFaultServer';
import { startTcpProxy, type TcpProxy } from './startTcpProxy';

describe('the TCP proxy', () => {
  let server: FaultServer;
  let proxy: TcpProxy;
  let plain: PlainClient;

  /** Sends a request on a new connection. */
  const fresh = (url: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(url, { agent: new Agent() }, (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
  const getOpen = (nth: number) => server.waitFor({ type: 'stream-open', method: 'GET' }, { nth });

  beforeEach(async () => {
    server = await startFaultServer();
    proxy = await startTcpProxy(server);
    plain = await connectOverHttp(proxy.url());
    await getOpen(1);
    // A stream that the server has opened is open for the client once something has arrived on it.
    await server.notify('custom/hello');
    await plain.receive(1);
  });
  afterEach(async () => {
    await plain.client.close();
    await proxy.close();
    await server.stop();
  });

  it('forwards everything and counts connections', async () => {
    await server.notify('custom/through');

    expect((await plain.receive(2)).at(-1)).toEqual({ method: 'custom/through' });
    expect(proxy.url('/x')).toBe(`http://127.0.0.1:${proxy.port}/x`);
    expect(proxy.connections).toBeGreaterThanOrEqual(1);
    expect(proxy.accepted).toBeGreaterThanOrEqual(proxy.connections);
  });

  it('forwards new connections to another port and keeps present ones', async () => {
    const other = await listen(createServer((_, response) => response.writeHead(418).end()));
    proxy.retarget(other.port);

    expect(await fresh(proxy.url())).toBe(418);
    await server.notify('custom/present');
    expect((await plain.receive(2)).at(-1)).toEqual({ method: 'custom/present' });
    await other.close();
  });

  it('resets every connection', async () => {
    expect(proxy.reset()).toBeGreaterThanOrEqual(1);

    expect((await firstValueFrom(plain.errors$)).message).toContain('disconnected');
    await server.waitFor({ type: 'stream-closed', method: 'GET' });
    await getOpen(2);
  });

  it('resets only the connections of GETs', async () => {
    const call = plain.client.callTool({ name: 'gate' });
    await server.waitFor({ type: 'held', name: 'gate' });

    expect(proxy.reset({ method: 'GET' })).toBe(1);
    await getOpen(2);
    await server.release();

    expect(await call).toMatchObject({ content: [{ text: 'released' }] });
  });

  it("resets a client without the server's knowledge, which then rejects another GET", async () => {
    expect(proxy.reset({ method: 'GET', side: 'client' })).toBe(1);

    await server.waitFor({ type: 'answer', method: 'GET', status: 409 });
    expect((await server.counts()).getStreams).toBe(1);
  });

  it.each([true, 'up', 'down'] as const)(
    'is silent (%s) without closing connections, and delivers afterwards',
    async (on) => {
      proxy.silence(on);
      let received = false;
      const ping = plain.client.ping().then(() => (received = true));
      await server.notify('custom/late');
      if (on === 'down') await server.waitFor({ type: 'message', method: 'ping' });
      // The server stays reachable by a direct connection.
      const direct = await connectOverHttp(server.url);
      await direct.client.listTools();

      expect(received).toBe(false);
      expect(await server.counts()).toMatchObject({ getStreams: 2, messages: on === 'down' ? { ping: 1 } : {} });
      if (on !== 'down') expect((await server.counts()).messages.ping).toBeUndefined();

      proxy.silence(false);
      expect(await ping).toBe(true);
      expect((await plain.receive(2)).at(-1)).toEqual({ method: 'custom/late' });
      await direct.client.close();
    },
  );

  it("hides the server's exit while it is silent", async () => {
    let noticed = false;
    plain.errors$.subscribe(() => (noticed = true));
    proxy.silence(true);
    await server.kill();
    await server.restart();
    const direct = await connectOverHttp(server.url);

    expect(noticed).toBe(false);

    proxy.silence(false);
    expect((await firstValueFrom(plain.errors$)).message).toContain('disconnected');
    await direct.client.close();
  });

  it('drops the present connections silently; new ones work', async () => {
    expect(proxy.vanish()).toBeGreaterThanOrEqual(1);
    await server.notify('custom/lost');

    expect(await fresh(proxy.url())).toBe(406);
    expect(await server.counts()).toMatchObject({ getStreams: 1 });
    let received = 0;
    plain.received$.subscribe(() => received++);
    expect(received).toBe(1);
  });

  it('refuses or resets new connections and keeps the present ones', async () => {
    await proxy.refuse(true);
    await expect(fresh(proxy.url())).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await proxy.refuse('reset');
    const { accepted } = proxy;
    await expect(fresh(proxy.url())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(proxy.accepted).toBe(accepted + 1);
    await server.notify('custom/through');
    expect(await plain.receive(2)).toHaveLength(2);

    await proxy.refuse(false);
    expect(await fresh(proxy.url())).toBe(406);
  });

  it.each<[string, (proxy: TcpProxy) => void, (proxy: TcpProxy) => void]>([
    ['with a delay', (proxy) => proxy.delay(3_600_000), (proxy) => proxy.delay(1)],
    ['at a limited rate', (proxy) => proxy.throttle(1), (proxy) => proxy.throttle(100_000)],
  ])('forwards bytes %s', async (_, slow, fast) => {
    fast(proxy);
    expect(await fresh(proxy.url())).toBe(406);

    slow(proxy);
    let received = false;
    const late = expect(fresh(proxy.url()).finally(() => (received = true))).rejects.toThrow();
    // More requests than a fast network would need.
    for (let n = 0; n < 20; n++) await fresh(server.url);

    expect(received).toBe(false);
    await proxy.close();
    await late;
  });

  it('leaves nothing open when closed', async () => {
    await proxy.close();

    expect(proxy.connections).toBe(0);
    await expect(fresh(proxy.url())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await server.until(({ sockets }) => sockets === 0)).toMatchObject({ getStreams: 0 });
  });
});
