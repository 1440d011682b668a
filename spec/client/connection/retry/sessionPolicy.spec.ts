import { ConnectionFailedError, ConnectionLostError, type MCPError, UnauthorizedError } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { type Reconnect, sessionPolicy } from '../../../../lib/client/connection/retry/reconnectPolicy';

const minute = 60_000;
const rejected = (status: number): MCPError => new ConnectionFailedError(`HTTP ${status}`, { status });
const unauthorized = (): MCPError => new UnauthorizedError('HTTP 401', { status: 401 });
const connectionLost = (): MCPError => new ConnectionLostError('reset');

/** Fails the attempts of a session with these errors, in virtual time. Resolves with the time at which it gave up, if it did. */
async function fail(
  reconnect: Reconnect | undefined,
  failures: (() => MCPError)[],
  { period = minute, wasConnected = true } = {},
): Promise<number | undefined> {
  const { scheduler, advance } = virtualTime();
  const startedAt = scheduler.now();
  const policy = sessionPolicy(reconnect, scheduler, () => wasConnected);
  for (const failure of failures) {
    try {
      policy(failure());
    } catch {
      return scheduler.now() - startedAt;
    }
    await advance(period);
  }
  return undefined;
}

const repeat = (times: number, failure: () => MCPError): (() => MCPError)[] =>
  Array.from({ length: times }, () => failure);

describe('rejectionTimeout', () => {
  it.each([400, 401, 403, 404, 405, 410, 415, 451])(
    'ends a session after ten minutes of HTTP %i by default',
    async (status) => {
      expect(
        await fail(
          undefined,
          repeat(20, () => rejected(status)),
        ),
      ).toBe(10 * minute);
    },
  );

  it('ends a session after ten minutes of 401 without credentials', async () => {
    expect(await fail(undefined, repeat(20, unauthorized))).toBe(10 * minute);
  });

  it('counts rejections with different statuses as one period', async () => {
    const failures = [
      ...repeat(4, () => rejected(404)),
      ...repeat(4, unauthorized),
      ...repeat(12, () => rejected(400)),
    ];

    expect(await fail(undefined, failures)).toBe(10 * minute);
  });

  it.each([
    ['options', { rejectionTimeout: 2 * minute }, 2 * minute],
    ['several options', { rejectionTimeout: 2 * minute, jitter: 'none' }, 2 * minute],
    ['zero', { rejectionTimeout: 0 }, 0],
    ['Infinity', { rejectionTimeout: Infinity }, undefined],
  ] as [string, Reconnect, number | undefined][])('can be set: %s', async (_, reconnect, end) => {
    expect(
      await fail(
        reconnect,
        repeat(60, () => rejected(404)),
      ),
    ).toBe(end);
  });

  it.each([
    ['a lost connection', connectionLost],
    ['a server error', () => rejected(503)],
    ['429', () => rejected(429)],
  ])('starts over after %s', async (_, other) => {
    const failures = [...repeat(9, () => rejected(404)), other, ...repeat(20, () => rejected(404))];

    expect(await fail(undefined, failures)).toBe(20 * minute);
  });

  it('does not end a session during outages', async () => {
    expect(await fail(undefined, repeat(60, connectionLost))).toBeUndefined();
    expect(
      await fail(
        undefined,
        repeat(60, () => rejected(502)),
      ),
    ).toBeUndefined();
  });

  it.each([
    ['a rejection before the first connection', () => rejected(404), false],
    ['a failed authorization that needs the user', () => new UnauthorizedError('sign in'), true],
    ['an unsupported version', () => new ConnectionFailedError('version', { retryable: false }), true],
  ])('does not apply to %s', async (_, failure, wasConnected) => {
    expect(await fail(undefined, [failure], { wasConnected })).toBe(0);
  });

  it('has no effect if reconnecting is disabled', async () => {
    expect(await fail(false, [() => rejected(404)])).toBe(0);
  });
});
