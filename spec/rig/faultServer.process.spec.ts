import { lastValueFrom, toArray } from 'rxjs';
import { connectOverHttp } from './plainClient';
import { runs } from './runs';
import { type FaultServer, startFaultServer } from './startFaultServer';

describe('the process of the fault server', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(() => server.stop());

  it('has exited after stop(), and its events complete', async () => {
    expect(runs(server.pid)).toBe(true);

    await server.stop();

    expect(runs(server.pid)).toBe(false);
    expect(await lastValueFrom(server.events$.pipe(toArray()))).toEqual([{ type: 'up' }, { type: 'down' }]);
    await expect(server.notify('custom/x')).rejects.toThrow('down');
  });

  it('has exited after kill(), and pending commands end', async () => {
    const plain = await connectOverHttp(server.url);
    await server.waitFor({ type: 'stream-open', method: 'GET' });
    const asking = expect(server.ask('custom/never-answered')).rejects.toThrow();

    await server.kill();

    await asking;
    expect(runs(server.pid)).toBe(false);
    expect(await server.counts()).toMatchObject({ sessions: 0, getStreams: 0, sockets: 0, sessionsOpened: 1 });
    await expect(plain.client.ping()).rejects.toThrow();
    await plain.client.close();
  });

  it('restarts on the same port without its sessions', async () => {
    const before = await connectOverHttp(server.url);
    const { pid } = server;

    await server.restart({ tools: ['new'] });

    expect(server.pid).not.toBe(pid);
    expect(runs(pid)).toBe(false);
    await expect(before.client.ping()).rejects.toMatchObject({ code: 404 });
    const after = await connectOverHttp(server.url);
    expect((await after.client.listTools()).tools.map(({ name }) => name)).toEqual(['new']);
    expect((await server.counts()).sessionsOpened).toBe(2);
    await before.client.close();
    await after.client.close();
  });

  it('exits when the tool crash is called', async () => {
    const { client } = await connectOverHttp(server.url);
    const call = client.callTool({ name: 'crash' }).catch(() => {});

    await server.waitFor({ type: 'down' });

    expect(runs(server.pid)).toBe(false);
    await client.close();
    await call;
  });

  it('reports why it did not start', async () => {
    await expect(startFaultServer({ port: server.port })).rejects.toThrow('EADDRINUSE');
  });
});
