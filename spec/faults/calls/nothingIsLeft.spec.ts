import { startFaultServer } from '../../rig/startFaultServer';
import { runSoak } from './soak/runSoak';
import type { SoakReport } from './soak/soakReport';

/** @param bytes - of heap that a round may cost, on average: what engines grow by is less, the least that can leak more. */
function expectNothingLeft(report: SoakReport | undefined, bytes: number): void {
  const { rounds, before, after } = report!;
  expect(after.resources).toEqual(before.resources);
  expect(after.listeners).toBe(before.listeners);
  expect((after.heap - before.heap) / rounds).toBeLessThan(bytes);
}

describe('a thousand reconnections', () => {
  // A connection is some twenty thousand bytes.
  const bytes = 2_000;

  it.each(['memory', 'stdio'])(
    'leave timers, processes, listeners and heap as they were (%s)',
    async (transport) => {
      const reports = await runSoak('reconnectSoak', transport);

      expectNothingLeft(reports.get(transport), bytes);
    },
    300_000,
  );

  it('leave timers, sockets, listeners and heap as they were (http), and nothing on the server', async () => {
    const server = await startFaultServer();

    const reports = await runSoak('reconnectSoak', 'http', server.url);

    expectNothingLeft(reports.get('http'), bytes);
    const counts = await server.until(({ sockets }) => sockets === 0);
    expect(counts).toMatchObject({ sessionsOpened: 1_501, sessions: 0, getStreams: 0, postStreams: 0 });
    await server.stop();
  }, 300_000);
});

describe('ten thousand times subscribing and unsubscribing', () => {
  let reports: Map<string, SoakReport>;

  beforeAll(async () => {
    reports = await runSoak('subscribeSoak');
  }, 300_000);

  it.each([
    'notifications',
    'messages',
    'errors',
    'status',
    'gaps',
    'connections',
    'requests',
    'roots',
    'sameMethod',
    'otherMethods',
    'schema',
    'progress',
    'resourceUpdated',
    'listChanged',
    'logMessage',
    'on',
    'handle',
    'tools',
    'resource',
    'sameResource',
    'abandonedCall',
    'ping',
  ])('leave timers, listeners and heap as they were (%s)', (way) => {
    expectNothingLeft(reports.get(way), 40);
  });
});
