import { HttpConnector, MCPSession } from 'rx-mcp';
import { countTimers } from '../../rig/countTimers';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a server that is killed and stays down', () => {
  it('is retried forever with growing delays, and reconnected to when it is back', async () => {
    const server = await stage.server();
    const { session, ticks, statuses, errors, gaps, listens, receives, until } = await stage.connected(server.url);

    await server.kill();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 6);
    const waits = statuses.flatMap((status) => (status.state === 'reconnecting' ? [status.delay] : []));
    expect(waits.slice(0, 6)).toEqual([20, 40, 80, 100, 100, 100]);
    expect(errors).toMatchObject([{ name: 'ConnectionFailedError', retryable: true }]);
    expect(gaps).toEqual([]);

    await server.restart();
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(gaps).toHaveLength(1);
    expect(await server.counts()).toMatchObject({ sessions: 1, sessionsOpened: 2, getStreams: 1 });
    expect(await session.callTool('echo', { back: true })).toMatchObject({ content: [{ text: '{"back":true}' }] });
  });

  it('lets calls wait, and answers them when it is back', async () => {
    const server = await stage.server();
    const { session, until } = await stage.connected(server.url);

    await server.kill();
    await until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    const call = session.callTool('echo', { waited: true });
    await server.restart();

    expect(await call).toMatchObject({ content: [{ text: '{"waited":true}' }] });
    expect((await server.counts()).messages).toMatchObject({ 'tools/call': 1 });
  });

  it('lets a call wait that was made before the loss was noticed, and answers it', async () => {
    const server = await stage.server({ get: 405 });
    const { session, statuses } = stage.session(server.url);
    await session.connect();

    await server.kill();
    const call = session.callTool('echo', { unsent: true });
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
    await server.restart();

    expect(await call).toMatchObject({ content: [{ text: '{"unsent":true}' }] });
    // Once with the forgotten session, which the server rejected, and once with a new one.
    expect((await server.counts()).messages).toMatchObject({ 'tools/call': 2 });
  });

  it("ends such a call by its timeout, or immediately with offline: 'fail'", async () => {
    const server = await stage.server({ get: 405 });
    const waiting = stage.session(server.url).session;
    const hasty = new MCPSession(new HttpConnector(server.url), { offline: 'fail' });
    await Promise.all([waiting.connect(), hasty.connect()]);

    await server.kill();
    const late = waiting.callTool('echo', {}, { timeout: 200 });
    const refused = hasty.callTool('echo');

    await expect(refused).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
    await expect(late).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 200 });
    await hasty.disconnect();
  });

  it('receives no request after disconnect()', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const timers = countTimers();
    const { session, completed, statuses, until } = await stage.connected(
      proxy.url(),
      {},
      { scheduler: timers.scheduler },
    );

    await proxy.refuse('reset');
    proxy.reset();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 2);
    await session.disconnect();
    const { requests } = await server.counts();
    const { accepted } = proxy;
    await proxy.refuse(false);

    expect(timers.pending).toBe(0);
    expect((await server.counts()).requests).toEqual(requests);
    expect(proxy.accepted).toBe(accepted);
    expect(completed).toEqual(expect.arrayContaining(['notifications', 'status', 'errors', 'gaps']));
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
  });

  it('ends the retries with the last error when the policy gives up', async () => {
    const server = await stage.server();
    const { session, statuses, errors, until } = await stage.connected(server.url, {
      reconnect: { initialDelay: 10, maxDelay: 20, maxRetries: 3, jitter: 'none' },
    });

    await server.kill();
    await until(() => statuses.at(-1)?.state === 'closed');

    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionFailedError' } });
    expect(errors.at(-1)).toMatchObject({ name: 'ConnectionFailedError' });
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'SessionClosedError' });

    await server.restart();
    await session.connect();
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
  });

  it('closes a session with reconnect: false', async () => {
    const server = await stage.server();
    const { statuses, until } = await stage.connected(server.url, { reconnect: false });

    await server.kill();
    await until(() => statuses.at(-1)?.state === 'closed');

    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionLostError' } });
    expect(statuses.map(({ state }) => state)).not.toContain('reconnecting');
  });
});
