import { ConnectionLostError } from 'rx-mcp';
import { useStdio } from './useStdio';

describe('a server process that crashes', () => {
  const start = useStdio();

  it('is respawned by the policy', async () => {
    const { session, statuses, pid, until } = start();
    await session.connect();

    process.kill(await pid(), 'SIGKILL');
    await until(() => statuses.filter(({ state }) => state === 'connected').length === 2);

    expect(await pid(2)).not.toBe(await pid());
    expect(statuses.map(({ state }) => state)).toEqual([
      'idle',
      'connecting',
      'connected',
      'reconnecting',
      'connected',
    ]);
    expect(statuses[3]).toMatchObject({
      attempt: 1,
      delay: 20,
      error: { message: 'connection: the process exited by SIGKILL' },
    });
  });

  it('fails pending calls immediately, and later calls wait for the next process', async () => {
    const { session } = start();
    await session.connect();

    const crash = session.callTool('crash');
    const hang = session.callTool('hang');

    await expect(crash).rejects.toBeInstanceOf(ConnectionLostError);
    await expect(hang).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
    expect(await session.callTool('echo', { a: 1 })).toMatchObject({ content: [{ text: '{"a":1}' }] });
  });

  it('sends each notification once after it is respawned', async () => {
    const { session, ticks, receives } = start();
    await session.connect();
    await session.callTool('emit', { times: 2 });
    await session.callTool('crash').catch(() => undefined);

    await session.callTool('emit', { times: 3 });
    await receives(3);

    expect(ticks).toEqual([1, 2, 1, 2, 3]);
  });

  it('is a gap from its exit until the next process', async () => {
    const { session, gaps, until } = start();
    await session.connect();
    const connectedAt = Date.now();

    await session.callTool('crash').catch(() => undefined);
    await until(() => gaps.length > 0);

    expect(gaps).toHaveLength(1);
    const [gap] = gaps;
    expect(gap!.since).toBeGreaterThanOrEqual(connectedAt);
    expect(gap!.until).toBeGreaterThan(gap!.since);
    expect(gap!.cause).toMatchObject({ message: 'connection: the process exited with code 1' });
  });

  it('is reported once on errors$, with code or signal', async () => {
    const { session, errors, statuses, until } = start();
    await session.connect();

    await session.callTool('exit_clean');
    await until(() => statuses.filter(({ state }) => state === 'connected').length === 2);

    expect(errors).toEqual([expect.objectContaining({ name: 'ConnectionLostError' })]);
    expect(errors[0]!.message).toBe('connection: the process exited with code 0');
  });

  it('closes the session with reconnect: false, until connect()', async () => {
    const { session, statuses, until } = start({ options: { reconnect: false } });
    await session.connect();

    await session.callTool('crash').catch(() => undefined);
    await until(() => statuses.at(-1)!.state === 'closed');

    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionLostError' } });
    await session.connect();
    await session.ping();
  });
});
