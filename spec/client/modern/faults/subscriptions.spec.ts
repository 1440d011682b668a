import { type Gap, HttpConnector, type HttpConnectorOptions, listChanged, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { firstValueFrom, skip } from 'rxjs';
import { createWorld } from '../../../rig/modernServer/createModernServer';
import { type ModernHttpServer, serveModernHttp } from '../../../rig/modernServer/serveModernHttp';
import { startTcpProxy, type TcpProxy } from '../../../rig/startTcpProxy';
import { firstMatch } from '../../../rig/firstMatch';

const world = createWorld();
let server: ModernHttpServer;
let proxy: TcpProxy;
let session: MCPSession;
let gaps: Gap[];

async function open(options: HttpConnectorOptions = {}): Promise<void> {
  session = new MCPSession(
    new HttpConnector(proxy.url(), { engine: modern(), reconnect: { initialDelay: 10, maxDelay: 50 }, ...options }),
  );
  gaps = [];
  session.gaps$.subscribe((gap) => gaps.push(gap));
  await session.connect();
}

const listening = (): Promise<unknown> =>
  firstMatch(session.status$, (status) => status.state === 'connected' && status.listening);

beforeEach(async () => {
  server = await serveModernHttp({ world, keepAliveMs: 100 });
  proxy = await startTcpProxy({ port: server.port });
});

afterEach(async () => {
  await session.disconnect();
  await proxy.close();
  await server.close();
});

describe('a session of protocol 2026-07-28 on a failing network', () => {
  it('resubscribes when the stream is reset, with a gap and a refetch', async () => {
    await open();
    const sizes = [session.tools$, session.tools$.pipe(skip(1))].map((tools$) => firstValueFrom(tools$));
    await sizes[0];
    const gap = firstValueFrom(session.gaps$);
    proxy.reset();
    await gap;
    await sizes[1];
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    expect(gaps).toHaveLength(1);
  });

  it('resubscribes after a server restart without a new handshake', async () => {
    await open();
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listening();
    await server.close();
    proxy.reset();
    await firstMatch(session.status$, ({ state }) => state === 'reconnecting');
    const gap = firstValueFrom(session.gaps$);
    server = await serveModernHttp({ world, port: server.port });
    await gap;
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'back' });
    await changed;
  });

  it('detects a half-open subscription', async () => {
    await open({ watchdog: 300 });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listening();
    const gap = firstValueFrom(session.gaps$);
    proxy.vanish();
    await expect(gap).resolves.toMatchObject({ cause: { message: expect.stringContaining('silent') as string } });
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'seen' });
    await changed;
  });

  it('fails a call immediately when its response is cut off', async () => {
    await open();
    const call = firstValueFrom(session.callTool$('long_task', { steps: 1_000, delayMs: 5 }).pipe(skip(10_000)));
    await firstValueFrom(session.notifications$.pipe(skip(1)));
    proxy.reset();
    await expect(call).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });

  it('leaves no subscription and sends nothing after disconnect()', async () => {
    await open();
    session.notifications$.subscribe();
    await listening();
    await session.disconnect();
    await firstMatch(server.subscriptions$, (open) => open === 0);
    const accepted = proxy.accepted;
    await fetch(server.url);
    expect(proxy.accepted).toBe(accepted);
  });

  it('loses and duplicates no change while demand changes continuously', async () => {
    await open();
    let received = 0;
    let others = 0;
    const tools$ = session.notifications$.pipe(listChanged('tools'));
    tools$.subscribe(() => received++);
    const all = firstValueFrom(tools$.pipe(skip(59)));
    const last = firstValueFrom(session.notifications$.pipe(listChanged('resources')));
    await listening();
    for (let round = 1; round <= 60; round++) {
      const other = session.notifications$.pipe(listChanged('prompts')).subscribe(() => others++);
      await session.callTool('toggle_tool', { name: 'often' });
      if (round % 3 === 0) await session.callTool('echo', { text: 'a round trip' });
      other.unsubscribe();
      // Pause from time to time, so that one subscription can replace the other.
      if (round % 10 === 0) await firstMatch(server.subscriptions$, (open) => open === 1);
    }
    await all;
    await firstMatch(server.subscriptions$, (open) => open === 1);
    // On one subscription, notifications arrive in order.
    await session.callTool('toggle_resource', { name: 'last' });
    await last;
    expect([received, others]).toEqual([60, 0]);
    expect(gaps).toEqual([]);
  });
});
