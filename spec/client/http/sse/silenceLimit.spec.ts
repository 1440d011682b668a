import { silenceLimit } from '../../../../lib/client/http/sse/streamWatchdog';

const maxTimerDelay = 2 ** 31 - 1;
const learned = { lastLiveAt: 0, keepAliveIntervals: [10_000, 10_000, 10_000] };

describe('silenceLimit', () => {
  it.each([
    [5_000, 5_000],
    [1e12, maxTimerDelay],
    [false, undefined],
  ] as const)('returns, for the option %s, %s regardless of learned intervals', (limit, expected) => {
    expect(silenceLimit(limit, learned)).toBe(expected);
  });

  it("is learned from keep-alives with 'auto'", () => {
    expect(silenceLimit('auto', { lastLiveAt: 0 })).toBeUndefined();
    expect(silenceLimit('auto', { lastLiveAt: 0, keepAliveIntervals: [10_000] })).toBeUndefined();
    expect(silenceLimit('auto', learned)).toBe(25_000);
    expect(silenceLimit('auto', { ...learned, timeouts: 2 })).toBe(100_000);
  });
});
