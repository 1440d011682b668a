import { silenceLimit } from '../../../../lib/client/http/sse/watchdog';

const pulse = { lastHeardAt: 0 };

describe('how long a stream may be silent', () => {
  it('is what it was told to be, within what a timer can wait', () => {
    expect(silenceLimit(5, pulse)).toBe(5);
    expect(silenceLimit(Infinity, pulse)).toBe(2 ** 31 - 1);
    expect(silenceLimit(false, pulse)).toBeUndefined();
  });

  it('is learned from the keep-alives of the server, once there have been any', () => {
    expect(silenceLimit('auto', pulse)).toBeUndefined();
    expect(silenceLimit('auto', { ...pulse, keepAliveInterval: 10_000 })).toBe(25_000);
    expect(silenceLimit('auto', { ...pulse, keepAliveInterval: 1 })).toBe(1_000);
  });
});
