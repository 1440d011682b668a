import { silenceOf } from '../../../../lib/client/http/sse/watchdog';

const pulse = { heardAt: 0 };

describe('how long a stream may be silent', () => {
  it('is what it was told to be, within what a timer can wait', () => {
    expect(silenceOf(5, pulse)).toBe(5);
    expect(silenceOf(Infinity, pulse)).toBe(2 ** 31 - 1);
    expect(silenceOf(false, pulse)).toBeUndefined();
  });

  it('is learned from the keep-alives of the server, once there have been any', () => {
    expect(silenceOf('auto', pulse)).toBeUndefined();
    expect(silenceOf('auto', { ...pulse, interval: 10_000 })).toBe(25_000);
    expect(silenceOf('auto', { ...pulse, interval: 1 })).toBe(1_000);
  });
});
