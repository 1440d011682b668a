import { NEVER } from 'rxjs';
import { backoff, ConfigError, ConnectionFailedError, ConnectionLostError, SessionExpiredError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { reconnectPolicy, type Reconnect } from '../../../../lib/client/connection/retry/reconnectPolicy';

const lost = new ConnectionLostError('gone');

/** Returns the delays for as many consecutive errors, or the error that ends the retries. */
function delays(reconnect: Reconnect | undefined, errors: Error[], immediate?: boolean): unknown[] {
  const next = reconnectPolicy(reconnect, virtualTime().scheduler, immediate);
  return errors.map((error) => {
    try {
      return next(error).delay;
    } catch (refused) {
      return refused;
    }
  });
}

describe('the reconnect option', () => {
  it('is backoff by default', () => {
    const [first, second] = delays(undefined, [lost, lost]);

    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThanOrEqual(500);
    expect(second).toBeLessThanOrEqual(1_000);
  });

  it('accepts options of backoff', () => {
    expect(delays({ jitter: 'none', initialDelay: 10, maxRetries: 2 }, [lost, lost, lost])).toEqual([10, 20, lost]);
  });

  it('accepts a config created by backoff, and knows its delays', () => {
    expect(delays(backoff({ jitter: 'none', initialDelay: 10 }), [lost, lost])).toEqual([10, 20]);
  });

  it('accepts a config for retry, with a number or a notifier as delay', () => {
    expect(delays({ count: 2, delay: 70 }, [lost, lost, lost])).toEqual([70, 70, lost]);
    expect(delays({ delay: () => NEVER }, [lost])).toEqual([NaN]);
  });

  it('accepts false for never', () => {
    expect(delays(false, [lost])).toEqual([lost]);
  });

  it.each<[string, Reconnect]>([
    ['options', { jitter: 'none' }],
    ['a config created by backoff', backoff()],
    ['a config for retry', { delay: 1 }],
  ])('never retries permanent errors (%s)', (_, reconnect) => {
    const fatal = [new ConfigError('bad'), new ConnectionFailedError('no', { status: 404 })];

    expect(fatal.map((error) => delays(reconnect, [error])[0])).toEqual(fatal);
  });

  it('can make the first attempt immediately, as after an expired session', () => {
    const options: Reconnect = { jitter: 'none', initialDelay: 10 };

    expect(delays(options, [lost, lost, lost], true)).toEqual([0, 10, 20]);
    expect(delays(options, [new SessionExpiredError('forgotten'), lost])).toEqual([0, 20]);
  });

  it('accepts delays of zero', () => {
    expect(new Set(delays({ initialDelay: 0 }, Array(1_100).fill(lost)))).toEqual(new Set([0]));
  });

  it('respects the delay that the server requests, up to a limit', () => {
    const asked = (retryAfter: number) => new ConnectionLostError('gone', { retryAfter });

    expect(delays({ jitter: 'none', initialDelay: 10, maxDelay: 100 }, [asked(50), asked(5), asked(1e9)])).toEqual([
      50, 20, 1_000,
    ]);
  });

  it('starts over after a stable connection', () => {
    const after = (uptime: number) => new ConnectionLostError('gone', { uptime });

    expect(
      delays({ jitter: 'none', initialDelay: 10, stableAfter: 100 }, [after(0), after(99), after(100), after(0)]),
    ).toEqual([10, 20, 10, 20]);
  });
});
