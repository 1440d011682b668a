import { brokenMusts } from './brokenMusts';
import type { SoakReport } from './soakReport';

const usage = { resources: { PipeWrap: 2 }, listeners: 1, heap: 1 };
const good: SoakReport = {
  seed: 1,
  sessions: 1,
  seconds: 1,
  faults: new Map(),
  balance: { sent: 3, delivered: 2, duplicated: 0, lostInside: 1, lostOutside: 0 },
  gaps: 1,
  gapShare: 0.1,
  recoveries: 1,
  connections: 0,
  recovery: { median: 1, max: 1 },
  longestSilence: 1,
  calls: { answered: 1, failed: 1, untyped: 0 },
  deaf: 0,
  before: usage,
  after: usage,
};

describe('brokenMusts', () => {
  it('is empty if nothing is wrong', () => {
    expect(brokenMusts(good)).toEqual([]);
  });

  it.each([
    [{ balance: { ...good.balance, duplicated: 1 } }, '1 came twice'],
    [{ balance: { ...good.balance, lostOutside: 2 } }, '2 were lost outside of any gap'],
    [{ balance: { ...good.balance, delivered: 0 } }, 'nothing was delivered'],
    [{ recoveries: 0 }, 'no fault was noticed'],
    [{ calls: { ...good.calls, untyped: 1 } }, '1 calls failed with an error that is not typed'],
    [{ deaf: 1 }, '1 sessions did not listen again'],
    [{ after: { ...usage, resources: { PipeWrap: 2, Timeout: 1 } } }, 'handles are left'],
    [{ after: { ...usage, listeners: 2 } }, 'listeners are left'],
  ])('reports %j', (change, otherwise) => {
    expect(brokenMusts({ ...good, ...change })).toEqual([otherwise]);
  });
});
