import { unmetConditions, missedGoals } from './unmetConditions';
import type { SoakReport, WireReport } from './soakReport';

const usage = { resources: { PipeWrap: 2 }, listeners: 1, heap: 1 };
const wire: WireReport = {
  name: 'HTTP',
  sessions: 1,
  faults: new Map(),
  balance: { sent: 3, delivered: 2, duplicated: 0, lostInside: 1, lostOutside: 0 },
  gaps: 1,
  gapMs: 120,
  unreachableMs: 100,
  elapsedMs: 1_000,
  recoveries: [110, 120, 130],
  returns: [10, 20, 30],
  connections: 0,
  longestSilence: 1,
  calls: { answered: 1, failed: 1, untyped: 0 },
  notListening: 0,
  ended: [],
};
const soak = (change: Partial<WireReport> = {}): SoakReport => ({
  // A wire without faults does not hide the faults of another one.
  reports: [wire, { ...wire, ...change }],
  before: usage,
  after: usage,
});

describe('unmetConditions', () => {
  it('is empty if nothing is wrong', () => {
    expect(unmetConditions(soak())).toEqual([]);
  });

  it.each([
    [{ balance: { ...wire.balance, duplicated: 1 } }, '1 were delivered twice'],
    [{ balance: { ...wire.balance, lostOutside: 2 } }, '2 were lost outside of any gap'],
    [{ balance: { ...wire.balance, delivered: 0 } }, 'nothing was delivered'],
    [{ calls: { ...wire.calls, untyped: 1 } }, '1 calls failed with an untyped error'],
    [{ notListening: 1 }, '1 sessions did not listen again'],
    [{ ended: ['Error: refused'] }, '1 sessions ended (Error: refused)'],
  ])('reports %j', (change, otherwise) => {
    expect(unmetConditions(soak(change))).toEqual([otherwise]);
  });

  it('reports that no wire noticed a fault', () => {
    expect(unmetConditions(soak({ recoveries: [] }))).toEqual([]);
    const unnoticed = { ...wire, recoveries: [] };
    expect(unmetConditions({ ...soak(), reports: [unnoticed, unnoticed] })).toEqual(['no fault was noticed']);
  });

  it.each([
    [{ ...usage, resources: { PipeWrap: 2, Timeout: 1 } }, 'open handles remain'],
    [{ ...usage, listeners: 2 }, 'listeners remain'],
  ])('reports what is left: %j', (after, otherwise) => {
    expect(unmetConditions({ ...soak(), after })).toEqual([otherwise]);
  });
});

describe('missedGoals', () => {
  it('is empty if recoveries are quick and gaps short', () => {
    expect(missedGoals(soak())).toEqual([]);
  });

  it.each([
    [{ gapMs: 200 }, 'gap time is 1.60 of the time unreachable'],
    [{ returns: [400, 500, 600, 700] }, 'the median recovery takes 400 ms'],
  ])('reports %j', (change, goal) => {
    expect(missedGoals(soak(change))).toEqual([goal]);
  });
});
