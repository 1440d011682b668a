import type { BackoffOptions } from 'rx-mcp';
import type { Watched } from '../../rig/watchSession';
import { useStdio } from './useStdio';

const growing: BackoffOptions = { initialDelay: 1, factor: 2, maxDelay: 8, jitter: 'none' };

function delays({ statuses }: Watched): number[] {
  return statuses.flatMap((status) => (status.state === 'reconnecting' ? [status.delay] : []));
}

describe('a server process that never stays up', () => {
  const start = useStdio();

  it('is respawned with growing delays if it exits before its response', async () => {
    const watched = start({ flags: { dieAtOnce: true }, options: { reconnect: growing } });
    const connecting = watched.session.connect({ retry: true });
    connecting.catch(() => undefined);

    await watched.until(() => delays(watched).length === 5);
    await watched.session.disconnect();

    expect(delays(watched)).toEqual([1, 2, 4, 8, 8]);
    await expect(connecting).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('is respawned with growing delays if it exits after connecting', async () => {
    const watched = start({ options: { reconnect: growing } });
    const { session, statuses, until } = watched;
    session.connections$.subscribe(() => void session.callTool('crash').catch(() => undefined));

    await session.connect();
    await until(() => delays(watched).length === 4);

    expect(delays(watched)).toEqual([1, 2, 4, 8]);
    expect(statuses.filter(({ state }) => state === 'connected')).toHaveLength(4);
  });

  it('resets the delays once it has stayed up', async () => {
    const watched = start({ options: { reconnect: { ...growing, stableAfter: 0 } } });
    const { session, until } = watched;
    session.connections$.subscribe(() => void session.callTool('crash').catch(() => undefined));

    await session.connect();
    await until(() => delays(watched).length === 3);

    expect(delays(watched)).toEqual([1, 1, 1]);
  });

  it('is given up after maxRetries', async () => {
    const { session, statuses } = start({
      flags: { dieAtOnce: true },
      options: { reconnect: { ...growing, maxRetries: 2 } },
    });

    await expect(session.connect({ retry: true })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: the process exited with code 1',
    });

    expect(statuses.map(({ state }) => state)).toEqual([
      'idle',
      'connecting',
      'reconnecting',
      'reconnecting',
      'closed',
    ]);
  });
});
