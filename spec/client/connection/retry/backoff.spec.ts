import fc from 'fast-check';
import { defer, EMPTY, merge, NEVER, retry, throwError, VirtualTimeScheduler } from 'rxjs';
import { backoff, type BackoffOptions } from '../../../../lib/client/connection/retry/backoff';
import {
  ConfigError,
  ConnectionFailedError,
  ConnectionLostError,
  SessionExpiredError,
  UnauthorizedError,
} from '../../../../lib/errors';

const refused = new ConnectionFailedError('refused');
const lostAfter = (uptime: number): Error => new ConnectionLostError('lost', { uptime });

/** The result of retrying in virtual time. */
interface Outcome {
  /** The delay before each attempt except the first, in milliseconds. */
  delays: number[];
  error?: unknown;
}

/** Retries a source that errors with each of these errors in turn, and then succeeds. */
function retried(options: BackoffOptions, errors: readonly unknown[]): Outcome {
  const scheduler = new VirtualTimeScheduler();
  const attempts: number[] = [];
  const outcome: Outcome = { delays: [] };
  const source$ = defer(() => {
    attempts.push(scheduler.now());
    return attempts.length <= errors.length ? throwError(() => errors[attempts.length - 1]) : EMPTY;
  });
  source$.pipe(retry(backoff({ ...options, scheduler }))).subscribe({
    error: (error: unknown) => {
      outcome.error = error;
    },
  });
  scheduler.flush();
  outcome.delays = attempts.slice(1).map((at, index) => at - attempts[index]!);
  return outcome;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('backoff', () => {
  describe('without jitter', () => {
    it('doubles the delay from initialDelay up to maxDelay', () => {
      const { delays } = retried({ initialDelay: 100, maxDelay: 1000, jitter: 'none' }, times(7, refused));

      expect(delays).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
    });

    it('has conservative defaults', () => {
      const { delays } = retried({ jitter: 'none' }, times(9, refused));

      expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    });

    it('grows by the factor, never shrinks, and stays within its limits', () => {
      const options = fc.record({
        initialDelay: fc.integer({ min: 1, max: 10_000 }),
        maxDelay: fc.integer({ min: 1, max: 60_000 }),
        factor: fc.double({ min: 1, max: 10, noNaN: true }),
      });
      fc.assert(
        fc.property(options, fc.integer({ min: 1, max: 40 }), ({ initialDelay, maxDelay, factor }, count) => {
          const { delays } = retried({ initialDelay, maxDelay, factor, jitter: 'none' }, times(count, refused));

          expect(delays).toHaveLength(count);
          for (const [index, delay] of delays.entries()) {
            const exact = Math.min(maxDelay, initialDelay * factor ** index);
            // Virtual time is a sum, so rounding errors accumulate.
            expect(Math.abs(delay - exact)).toBeLessThan(1e-3);
          }
        }),
      );
    });

    it('does not overflow', () => {
      const { delays } = retried({ initialDelay: 1, maxDelay: 50, jitter: 'none' }, times(3000, refused));

      expect(delays.slice(6)).toEqual(times(2994, 50));
    });
  });

  describe('with jitter', () => {
    it('draws every delay between zero and its maximum', () => {
      const options = fc.record({
        initialDelay: fc.integer({ min: 0, max: 10_000 }),
        maxDelay: fc.integer({ min: 0, max: 60_000 }),
      });
      fc.assert(
        fc.property(options, ({ initialDelay, maxDelay }) => {
          const { delays } = retried({ initialDelay, maxDelay }, times(20, refused));

          expect(delays).toHaveLength(20);
          for (const [index, delay] of delays.entries()) {
            expect(delay).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThanOrEqual(Math.min(maxDelay, initialDelay * 2 ** index) + 1e-3);
          }
        }),
      );
    });

    it('spreads clients that lost their server at the same time', () => {
      const firsts = times(1000, undefined).map(() => retried({ initialDelay: 1000 }, [refused]).delays[0]!);

      for (const quarter of [0, 250, 500, 750]) {
        const inQuarter = firsts.filter((delay) => delay >= quarter && delay < quarter + 250);
        // About a quarter of them, within more than seven standard deviations.
        expect(inQuarter.length).toBeGreaterThan(150);
        expect(inQuarter.length).toBeLessThan(350);
      }
    });
  });

  describe('stableAfter', () => {
    const options: BackoffOptions = { initialDelay: 100, maxDelay: 1000, jitter: 'none', stableAfter: 5000 };

    it('restarts the delays after a connection was open for this long, not earlier', () => {
      const errors = [refused, refused, lostAfter(4999), refused, lostAfter(5000), refused];

      expect(retried(options, errors).delays).toEqual([100, 200, 400, 800, 100, 200]);
    });

    it('restarts the delays after a session was open for this long', () => {
      const expired = new SessionExpiredError('expired', { uptime: 5000 });

      expect(retried(options, [refused, refused, expired, refused]).delays).toEqual([100, 200, 0, 200]);
    });

    it('does not restart the delays after a connection that never opened, even if it is 0', () => {
      const errors = [refused, refused, lostAfter(1), refused];

      expect(retried({ ...options, stableAfter: 0 }, errors).delays).toEqual([100, 200, 100, 200]);
    });

    it('does not restart the delays on every connection: a server that accepts and drops receives fewer attempts', () => {
      expect(retried(options, times(6, lostAfter(10))).delays).toEqual([100, 200, 400, 800, 1000, 1000]);
    });
  });

  describe('an expired session', () => {
    it('is retried without delay, but only the first time in a row', () => {
      const expired = new SessionExpiredError('expired');

      expect(retried({ initialDelay: 100, jitter: 'none' }, times(4, expired)).delays).toEqual([0, 200, 400, 800]);
    });
  });

  describe('the delay that a server requests', () => {
    const busy = new ConnectionFailedError('busy', { status: 503, retryAfter: 2500 });
    const closing = new ConnectionLostError('closing', { retryAfter: 2500 });

    it.each([busy, closing])('is respected if it is longer than the delay of the policy: %s', (error) => {
      const options: BackoffOptions = { initialDelay: 1000, maxDelay: 4000, jitter: 'none' };

      expect(retried(options, times(4, error)).delays).toEqual([2500, 2500, 4000, 4000]);
    });

    it('is respected up to ten times maxDelay', () => {
      const never = new ConnectionFailedError('never', { status: 503, retryAfter: 365 * 24 * 3_600_000 });

      expect(retried({ initialDelay: 10, maxDelay: 100, jitter: 'none' }, [never]).delays).toEqual([1000]);
    });

    it('does not shorten the delay of the policy', () => {
      const hasty = new ConnectionLostError('hasty', { retryAfter: 0 });

      expect(retried({ initialDelay: 10, jitter: 'none' }, times(3, hasty)).delays).toEqual([10, 20, 40]);
    });
  });

  describe('giving up', () => {
    it.each([
      new UnauthorizedError('unauthorized'),
      new ConfigError('misconfigured'),
      new ConnectionFailedError('forbidden', { status: 404 }),
      new ConnectionFailedError('no such command', { retryable: false }),
    ])('happens immediately after a permanent error: %s', (error) => {
      expect(retried({}, [error])).toEqual({ delays: [], error });
    });

    it.each([408, 409, 425, 429, 500, 502, 503, 504])('does not happen after a transient status: %d', (status) => {
      const error = new ConnectionFailedError('later', { status });

      expect(retried({ jitter: 'none' }, [error])).toEqual({ delays: [500], error: undefined });
    });

    it('does not happen after an unknown error', () => {
      expect(retried({ jitter: 'none' }, [new Error('unknown'), 'thrown']).delays).toEqual([500, 1000]);
    });

    it('happens after maxRetries, with the last error', () => {
      const last = new ConnectionFailedError('the last');
      const errors = [refused, refused, refused, last];

      expect(retried({ initialDelay: 1, jitter: 'none', maxRetries: 3 }, errors)).toEqual({
        delays: [1, 2, 4],
        error: last,
      });
      expect(retried({ maxRetries: 0 }, [refused])).toEqual({ delays: [], error: refused });
    });

    it('does not happen before maxRetries since the last stable connection', () => {
      const errors = [refused, refused, lostAfter(5000), refused];
      const { delays, error } = retried({ initialDelay: 1, jitter: 'none', maxRetries: 2 }, errors);

      expect(delays).toEqual([1, 2, 1, 2]);
      expect(error).toBeUndefined();
    });

    it('happens when isRetryable returns false', () => {
      const errors: unknown[] = [];
      const isRetryable = (error: unknown): boolean => {
        errors.push(error);
        return error === refused;
      };
      const unknown = new Error('unknown');

      expect(retried({ initialDelay: 1, jitter: 'none', isRetryable }, [refused, unknown])).toEqual({
        delays: [1],
        error: unknown,
      });
      expect(errors).toEqual([refused, unknown]);
    });
  });

  it('counts per retry, also with a shared config', () => {
    const scheduler = new VirtualTimeScheduler();
    const config = backoff({ initialDelay: 100, jitter: 'none', scheduler });
    const attempts: string[] = [];
    const failing = (name: string, count: number) => {
      let left = count;
      return defer(() => {
        attempts.push(`${name} ${scheduler.now()}`);
        return left-- > 0 ? throwError(() => refused) : NEVER;
      });
    };

    merge(failing('a', 3).pipe(retry(config)), failing('b', 2).pipe(retry(config))).subscribe();
    scheduler.flush();

    expect(attempts).toEqual(['a 0', 'b 0', 'a 100', 'b 100', 'a 300', 'b 300', 'a 700']);
  });

  it('clears its timer on unsubscribe', () => {
    const scheduler = new VirtualTimeScheduler();
    let attempts = 0;
    const source$ = defer(() => {
      attempts++;
      return throwError(() => refused);
    });

    source$
      .pipe(retry(backoff({ jitter: 'none', scheduler })))
      .subscribe()
      .unsubscribe();
    scheduler.flush();

    expect(attempts).toBe(1);
    expect(scheduler.now()).toBe(0);
  });
});
