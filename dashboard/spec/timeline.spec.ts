import { createTimeline } from '../model/timeline';

const cause = new Error('gone');

describe('the timeline of a server', () => {
  it('shows each phase until the next one, and the last one until now', () => {
    const timeline = createTimeline(10);
    timeline.changed('listening', 2_000);
    timeline.changed('reconnecting', 6_000);
    timeline.changed('listening', 8_000);

    expect(timeline.lane(10_000).phases).toEqual([
      { phase: 'listening', from: 0.2, to: 0.6 },
      { phase: 'reconnecting', from: 0.6, to: 0.8 },
      { phase: 'listening', from: 0.8, to: 1 },
    ]);
  });

  it('merges repeated statuses into one phase', () => {
    const timeline = createTimeline(10);
    timeline.changed('reconnecting', 0);
    timeline.changed('reconnecting', 5_000);

    expect(timeline.lane(10_000).phases).toEqual([{ phase: 'reconnecting', from: 0, to: 1 }]);
  });

  it('begins with the phase at the start of the visible period', () => {
    const timeline = createTimeline(10);
    timeline.changed('connecting', 1_000);
    timeline.changed('listening', 2_000);
    timeline.changed('reconnecting', 15_000);

    expect(timeline.lane(20_000).phases).toEqual([
      { phase: 'listening', from: 0, to: 0.5 },
      { phase: 'reconnecting', from: 0.5, to: 1 },
    ]);
  });

  it('counts the notifications of each second', () => {
    const timeline = createTimeline(4);
    for (const at of [500, 6_100, 6_900, 9_000]) timeline.received(at);

    expect(timeline.lane(9_500).counts).toEqual([2, 0, 0, 1]);
  });

  it('shows a gap until it leaves the visible period', () => {
    const timeline = createTimeline(10);
    const gap = { since: 5_000, until: 7_000, cause };
    timeline.missed(gap);

    expect(timeline.lane(10_000).gaps).toEqual([{ gap, from: 0.5, to: 0.7 }]);
    expect(timeline.lane(16_000).gaps).toEqual([{ gap, from: 0, to: expect.closeTo(0.1) }]);
    expect(timeline.lane(17_000).gaps).toEqual([]);
  });

  it('has a maximum size at any rate of changes', () => {
    const timeline = createTimeline(10);
    for (let n = 0; n < 2_000; n++) {
      timeline.changed(n % 2 ? 'listening' : 'reconnecting', n);
      timeline.missed({ since: n, until: n + 1, cause });
    }

    const { phases, gaps } = timeline.lane(2_000);

    expect([phases.length, gaps.length]).toEqual([500, 500]);
    expect(phases.at(-1)).toMatchObject({ phase: 'listening', to: 1 });
  });
});
