import { ConnectionFailedError } from 'rx-mcp';
import { countTimers } from '../../rig/countTimers';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe('a refused port on the first attempt', () => {
  it('is a typed error with the reason, closes the session with it, and leaves nothing open', async () => {
    const server = await stage.server();
    await server.kill();
    const timers = countTimers();
    const { session, statuses, errors } = stage.session(server.url, {}, { scheduler: timers.scheduler });

    const error: unknown = await session.connect().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ConnectionFailedError);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('ECONNREFUSED') });
    expect(statuses).toEqual([{ state: 'idle' }, { state: 'connecting' }, { state: 'closed', error }]);
    expect(errors).toEqual([]);

    await server.restart();
    expect(timers.pending).toBe(0);
    expect((await server.counts()).requests).toEqual({});
  });

  it('does not prevent a later connect() of the same session', async () => {
    const server = await stage.server();
    await server.kill();
    const { session, ticks, receives, statuses, listens } = stage.session(server.url);
    await expect(session.connect()).rejects.toBeInstanceOf(ConnectionFailedError);

    await server.restart();
    await session.connect();
    await listens();
    await server.notifyMany(1);
    await receives(1);

    expect(ticks).toEqual([1]);
    expect(statuses.map(({ state }) => state)).toEqual(['idle', 'connecting', 'closed', 'connecting', 'connected']);
  });

  it('is retried by the policy with retry: true', async () => {
    const server = await stage.server();
    await server.kill();
    const { session, statuses, errors, until } = stage.session(server.url);

    const connecting = session.connect({ retry: true });
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length === 2);
    await server.restart();
    await connecting;

    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    expect(statuses.slice(0, 4).map(({ state }) => state)).toEqual([
      'idle',
      'connecting',
      'reconnecting',
      'reconnecting',
    ]);
    expect(errors.map(({ name }) => name)).toEqual(['ConnectionFailedError']);
  });

  it('lets earlier calls wait', async () => {
    const server = await stage.server();
    await server.kill();
    const { session } = stage.session(server.url);
    const call = session.callTool('echo', { early: true });

    const connecting = session.connect({ retry: true });
    await server.restart();
    await connecting;

    expect(await call).toMatchObject({ content: [{ text: '{"early":true}' }] });
  });
});
