import { startFaultServer } from '../../rig/startFaultServer';
import { expectNothingLeft } from './soak/expectNothingLeft';
import { runSoak } from './soak/runSoak';

describe('a thousand reconnections', () => {
  // A leaked connection takes about twenty thousand bytes.
  const bytes = 2_000;

  it.each(['memory', 'stdio'])(
    'leave timers, processes, listeners and heap unchanged (%s)',
    async (transport) => {
      const reports = await runSoak('reconnectSoak', transport);

      expectNothingLeft(reports.get(transport), bytes);
    },
    300_000,
  );

  it('leave timers, sockets, listeners and heap unchanged (http), and nothing on the server', async () => {
    const server = await startFaultServer();

    const reports = await runSoak('reconnectSoak', 'http', server.url);

    expectNothingLeft(reports.get('http'), bytes);
    const counts = await server.until(({ sockets }) => sockets === 0);
    expect(counts).toMatchObject({ sessionsOpened: 1_501, sessions: 0, getStreams: 0, postStreams: 0 });
    await server.stop();
  }, 300_000);
});
