import { filter, firstValueFrom, skip, take, toArray } from 'rxjs';
import { listChanged, type SessionStatus } from 'rx-mcp';
import { hastyScheduler } from '../../../rig/hastyScheduler';
import { firstMatch } from '../../../rig/firstMatch';
import { modernOnly, startModernServer } from '../../../rig/startModernServer';
import { useStage } from '../../../rig/useStage';

const stage = useStage(startModernServer, modernOnly);

const attempts = (statuses: SessionStatus[]): number => statuses.filter(({ state }) => state === 'reconnecting').length;

describe('a server of the modern era that is killed', () => {
  it('is reconnected to when it restarts, with a gap and a refetch', async () => {
    const server = await stage.server();
    const { session, statuses, errors, gaps, listens, until } = await stage.connected(server.url);
    const sizes: number[] = [];
    session.tools$.subscribe((tools) => sizes.push(tools.length));
    await listens();
    await firstMatch(session.tools$, () => true);
    await session.callTool('toggle_tool', { name: 'short-lived' });
    await firstMatch(session.tools$, (tools) => tools.some(({ name }) => name === 'short-lived'));

    server.kill();
    await until(() => attempts(statuses) >= 6);
    expect(gaps).toEqual([]);
    await stage.server({ port: server.port });
    await until(() => gaps.length > 0);
    await firstMatch(session.tools$, (tools) => tools.every(({ name }) => name !== 'short-lived'));
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    await firstMatch(session.tools$, (tools) => tools.some(({ name }) => name === 'after'));

    const [first = 0] = sizes;
    expect(sizes).toEqual([first, first + 1, first, first + 1]);
    expect(gaps).toMatchObject([{ cause: { name: 'ConnectionLostError' } }]);
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError', retryable: true }]);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true, protocolEra: 'modern' });
  });

  it('fails the pending call, and later calls wait', async () => {
    const server = await stage.server();
    const { session, statuses, listens, until } = await stage.connected(server.url);
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listens();

    await expect(session.callTool('crash')).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
    await until(() => attempts(statuses) >= 2);
    const waiting = session.callTool('echo', { text: 'was waiting' });
    await stage.server({ port: server.port });

    await expect(waiting).resolves.toMatchObject({ content: [{ text: 'was waiting' }] });
  });

  it('is reconnected to immediately by connect()', async () => {
    const server = await stage.server();
    const reconnect = { initialDelay: 3_600_000, maxDelay: 3_600_000, jitter: 'none' } as const;
    const { session, statuses, listens, until } = await stage.connected(server.url, { reconnect });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listens();
    server.kill();
    await until(() => attempts(statuses) === 1);
    await stage.server({ port: server.port });

    await session.connect();
    await listens();

    expect(attempts(statuses)).toBe(1);
    await expect(session.callTool('echo', { text: 'here' })).resolves.toMatchObject({ content: [{ text: 'here' }] });
  });

  it('receives no request after disconnect()', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, statuses, listens, until } = await stage.connected(proxy.url());
    session.notifications$.subscribe();
    await listens();
    server.kill();
    await until(() => attempts(statuses) >= 3);

    await session.disconnect();
    await firstMatch(proxy.connections$, (open) => open === 0);
    const { accepted } = proxy;
    // For as long as another session needs for six attempts.
    const other = await stage.connected((await stage.server()).url);
    other.session.notifications$.subscribe();
    await other.listens();

    expect(proxy.accepted).toBe(accepted);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
  });

  it('is resubscribed to after a graceful shutdown', async () => {
    const server = await stage.server();
    const { session, gaps, listens, until } = await stage.connected(server.url);
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listens();

    await server.stop();
    await stage.server({ port: server.port });
    await until(() => gaps.length === 1);
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    expect(gaps).toHaveLength(1);
  });
});

describe('a failing network in front of a server of the modern era', () => {
  it('resets a subscription, which is reopened immediately with a gap', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, statuses, errors, gaps, listens, until } = await stage.connected(proxy.url());
    const lists = firstValueFrom(session.tools$.pipe(take(2), toArray()));
    await listens();
    await firstMatch(session.tools$, () => true);

    expect(proxy.reset()).toBeGreaterThan(0);
    await until(() => gaps.length === 1);
    await expect(lists).resolves.toHaveLength(2);
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;

    expect(attempts(statuses)).toBe(0);
    expect(errors).toEqual([]);
  });

  it('is down for a while, after which the subscription is reopened', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, statuses, gaps, listens, until } = await stage.connected(proxy.url());
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listens();

    await proxy.refuse(true);
    proxy.reset();
    await until(() => attempts(statuses) >= 4);
    await proxy.refuse(false);
    await until(() => gaps.length === 1);

    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    expect(gaps).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
  });

  it('resets a subscription before its acknowledgement, which is reopened with a gap', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, errors, gaps, until } = await stage.connected(proxy.url());

    await proxy.refuse('reset');
    proxy.reset();
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await until(() => errors.length > 0);
    await proxy.refuse(false);
    await until(() => gaps.length === 1);

    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError' }]);
  });

  it('leaves a half-open subscription, which missing keep-alives reveal', async () => {
    const server = await stage.server({ args: ['--keep-alive', '100'] });
    const proxy = await stage.proxy(server);
    const { session, gaps, listens, until } = await stage.connected(proxy.url(), {}, { scheduler: hastyScheduler(20) });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await listens();
    await session.callTool('long_task', { steps: 5, delayMs: 100 });

    expect(proxy.vanish()).toBeGreaterThan(0);
    await until(() => gaps.length === 1);

    expect(gaps).toMatchObject([{ cause: { message: expect.stringContaining('silent') as string } }]);
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
  });

  it('cuts off a call, which fails immediately', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session } = await stage.connected(proxy.url());
    const call = firstValueFrom(session.callTool$('long_task', { steps: 10_000, delayMs: 5 }).pipe(skip(10_000)));
    await firstValueFrom(session.notifications$.pipe(filter(({ method }) => method === 'notifications/progress')));

    proxy.reset();

    await expect(call).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });

  it('leaves nothing open after repeated failures', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { session, gaps, listens, until } = await stage.connected(proxy.url(), {
      reconnect: { initialDelay: 1, maxDelay: 1 },
    });
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    await listens();

    for (let drops = 1; drops <= 100; drops++) {
      proxy.reset();
      await until(() => gaps.length === drops);
    }
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;
    // One connection for the subscription, and one that is kept open for the next call.
    expect(proxy.connections).toBeLessThanOrEqual(2);
    await session.disconnect();
    await firstMatch(proxy.connections$, (open) => open <= 1);
    expect(received).toBe(1);
  });
});
