import { NEVER } from 'rxjs';
import { backoff, ConfigError, ConnectionFailedError, ConnectionLostError, SessionExpiredError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { reconnectPolicy, type Reconnect } from '../../../../lib/client/connection/retry/reconnectPolicy';

const connectionLost = new ConnectionLostError('gone');

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
  afterEach(() => jest.restoreAllMocks());

  it('is backoff by default', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5);

    expect(delays(undefined, Array<Error>(9).fill(connectionLost))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
    ]);
  });

  it('accepts options of backoff', () => {
    expect(
      delays({ jitter: 'none', initialDelay: 10, maxRetries: 2 }, [connectionLost, connectionLost, connectionLost]),
    ).toEqual([10, 20, connectionLost]);
  });

  it('accepts a config created by backoff, and knows its delays', () => {
    expect(delays(backoff({ jitter: 'none', initialDelay: 10 }), [connectionLost, connectionLost])).toEqual([10, 20]);
  });

  it('accepts a config for retry, with a number or a notifier as delay', () => {
    expect(delays({ count: 2, delay: 70 }, [connectionLost, connectionLost, connectionLost])).toEqual([
      70,
      70,
      connectionLost,
    ]);
    expect(delays({ delay: () => NEVER }, [connectionLost])).toEqual([NaN]);
  });

  it('accepts false for never', () => {
    expect(delays(false, [connectionLost])).toEqual([connectionLost]);
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

    expect(delays(options, [connectionLost, connectionLost, connectionLost], true)).toEqual([0, 10, 20]);
    expect(delays(options, [new SessionExpiredError('forgotten'), connectionLost])).toEqual([0, 20]);
  });

  it('accepts delays of zero', () => {
    expect(new Set(delays({ initialDelay: 0 }, Array(1_100).fill(connectionLost)))).toEqual(new Set([0]));
  });

  it('respects the delay that the server requests, up to a limit', () => {
    const withRetryAfter = (retryAfter: number) => new ConnectionLostError('gone', { retryAfter });

    expect(
      delays({ jitter: 'none', initialDelay: 10, maxDelay: 100 }, [
        withRetryAfter(50),
        withRetryAfter(5),
        withRetryAfter(1e9),
      ]),
    ).toEqual([50, 20, 1_000]);
  });

  it('starts over after a stable connection', () => {
    const after = (uptime: number) => new ConnectionLostError('gone', { uptime });

    expect(
      delays({ jitter: 'none', initialDelay: 10, stableAfter: 100 }, [after(0), after(99), after(100), after(0)]),
    ).toEqual([10, 20, 10, 20]);
  });
});
