import { countTimers } from '../../rig/countTimers';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('disconnect()', () => {
  it('ends the session on the server, closes its stream, and sends nothing more', async () => {
    const server = await stage.server();
    const timers = countTimers();
    const { session, statuses, ticks, completed, errors } = await stage.connected(
      server.url,
      {},
      { scheduler: timers.scheduler },
    );

    const disconnected = session.disconnect();
    await server.notifyMany(50).catch(() => undefined);
    await disconnected;
    await server.until(({ getStreams, sessions }) => getStreams === 0 && sessions === 0);
    const { requests } = await server.counts();

    expect(timers.pending).toBe(0);
    expect(ticks).toEqual([]);
    expect(errors).toEqual([]);
    expect(completed.sort()).toEqual(['errors', 'gaps', 'notifications', 'status']);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    expect(requests).toMatchObject({ DELETE: 1 });
    expect((await server.counts()).requests).toEqual(requests);
  });

  it.each([405, 404, 500, 'reset', 'hang'] as const)('does not depend on the response (%s)', async (answer) => {
    const server = await stage.server({ delete: answer });
    const { session, statuses } = await stage.connected(server.url);

    await session.disconnect();
    await server.until(({ getStreams }) => getStreams === 0);

    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    expect((await server.counts()).requests).toMatchObject({ DELETE: 1 });
  });

  it('resolves if the server is gone', async () => {
    const server = await stage.server();
    const { session, statuses } = await stage.connected(server.url);

    await server.kill();
    await session.disconnect();

    expect(statuses.at(-1)).toEqual({ state: 'closed' });
  });

  it('stops reopening a stream', async () => {
    const server = await stage.server();
    const timers = countTimers();
    const { session } = await stage.connected(server.url, {}, { scheduler: timers.scheduler });

    await server.refuseGet('hang');
    await server.resetGet();
    await server.waitFor({ type: 'request', method: 'GET' }, { nth: 2 });
    await session.disconnect();
    const { requests } = await server.counts();
    await server.refuseGet(null);

    expect(timers.pending).toBe(0);
    expect((await server.counts()).requests).toEqual(requests);
    // Its connections are closed, except idle ones that any request may reuse.
    await server.until(({ getStreams, postStreams }) => getStreams + postStreams === 0);
  });

  it('stops connecting', async () => {
    const server = await stage.server();
    const timers = countTimers();
    const { session, until, statuses } = await stage.connected(server.url, {}, { scheduler: timers.scheduler });

    await server.answerPost('hang', { method: 'initialize' });
    await server.forgetSessions();
    await server.waitFor({ type: 'message', method: 'initialize' }, { nth: 2 });
    await until(() => statuses.at(-1)?.state === 'reconnecting');
    await session.disconnect();
    const { requests } = await server.counts();
    await server.answerPost(null);

    expect(timers.pending).toBe(0);
    expect((await server.counts()).requests).toEqual(requests);
    await expect(session.connect()).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('fails pending calls immediately', async () => {
    const server = await stage.server();
    const timers = countTimers();
    const { session } = await stage.connected(server.url, {}, { scheduler: timers.scheduler });
    const calls = Array.from({ length: 5 }, () => session.callTool('gate'));
    await server.until(({ postStreams }) => postStreams === 5);

    const settled = Promise.allSettled(calls);
    await session.disconnect();

    for (const outcome of await settled) expect(outcome).toMatchObject({ reason: { name: 'SessionClosedError' } });
    await server.until(({ postStreams, getStreams }) => postStreams + getStreams === 0);
    const { requests } = await server.counts();
    expect(timers.pending).toBe(0);
    expect((await server.counts()).requests).toEqual(requests);
  });
});
