import { expectNothingLeft } from './soak/expectNothingLeft';
import { runSoak } from './soak/runSoak';
import type { SoakReport } from './soak/soakReport';

describe('ten thousand subscriptions and unsubscriptions', () => {
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
  ])('leave timers, listeners and heap unchanged (%s)', (way) => {
    expectNothingLeft(reports.get(way), 40);
  });
});
