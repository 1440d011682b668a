import { silenceLimit } from '../../../../lib/client/http/sse/watchdog';

const pulse = { lastHeardAt: 0 };

describe('silenceLimit', () => {
  it('is the configured limit, up to the maximum of a timer', () => {
    expect(silenceLimit(5, pulse)).toBe(5);
    expect(silenceLimit(Infinity, pulse)).toBe(2 ** 31 - 1);
    expect(silenceLimit(false, pulse)).toBeUndefined();
  });

  it("is learned from the server's keep-alives", () => {
    expect(silenceLimit('auto', pulse)).toBeUndefined();
    expect(silenceLimit('auto', { ...pulse, keepAliveInterval: 10_000 })).toBe(25_000);
    expect(silenceLimit('auto', { ...pulse, keepAliveInterval: 1 })).toBe(1_000);
  });
});
