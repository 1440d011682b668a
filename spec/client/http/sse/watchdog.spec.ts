import { map, NEVER, type Observable, of, Subject, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import type { Watchdog } from '../../../../lib/client/connection/connector';
import { type StreamHealth, watchdog } from '../../../../lib/client/http/sse/watchdog';

const keepAlive = ': keepalive\n\n';
const event = 'data: {}\n\n';
/** Milliseconds that what has come is given to be read. */
const lastChance = 50;

/** Watches chunks that come at these times, in virtual time. */
function watch(
  limit: Watchdog,
  chunks: readonly (readonly [at: number, chunk: string])[],
  known?: Partial<StreamHealth>,
) {
  const scheduler = new VirtualTimeScheduler();
  const pulse: StreamHealth = { lastHeardAt: -1, ...known };
  const seen: string[] = [];
  let diedAt: number | undefined;
  let reason = '';
  const chunks$ = new Subject<string>();
  for (const [at, chunk] of chunks) scheduler.schedule(() => chunks$.next(chunk), at);
  chunks$.pipe(watchdog(limit, pulse, scheduler)).subscribe({
    next: (chunk) => seen.push(chunk),
    error: (error: unknown) => {
      diedAt = scheduler.now();
      reason = String(error);
    },
  });
  scheduler.flush();
  return { seen, diedAt, reason, pulse };
}

const every = (period: number, count: number, chunk = keepAlive): [number, string][] =>
  Array.from({ length: count }, (_, index) => [period * (index + 1), chunk]);

describe('watchdog', () => {
  describe('with a configured limit', () => {
    it('errors on a stream without any data', () => {
      expect(watch(5000, [])).toMatchObject({
        seen: [],
        diedAt: 5000 + lastChance,
        reason: 'Error: silent for 5000 ms',
      });
    });

    it('restarts with every chunk', () => {
      const { seen, diedAt } = watch(5000, [
        [3000, event],
        [7000, keepAlive],
        [11_999, 'da'],
      ]);

      expect(seen).toEqual([event, keepAlive, 'da']);
      expect(diedAt).toBe(16_999 + lastChance);
    });

    it('accepts data at the last moment', () => {
      expect(watch(5000, [[5000 + lastChance - 1, event]]).diedAt).toBe(10_000 + 2 * lastChance - 1);
    });
  });

  describe('with a learned limit', () => {
    it('waits forever without keep-alives', () => {
      expect(watch('auto', []).diedAt).toBeUndefined();
      expect(watch('auto', [[1000, keepAlive]]).diedAt).toBeUndefined();
      expect(watch('auto', every(1000, 50, event)).diedAt).toBeUndefined();
    });

    it('allows two and a half intervals after two consecutive keep-alives', () => {
      const { diedAt, pulse } = watch('auto', every(15_000, 2));

      expect(pulse.keepAliveInterval).toBe(15_000);
      expect(diedAt).toBe(30_000 + 37_500 + lastChance);
    });

    it('ignores keep-alives with an event between them', () => {
      const { diedAt, pulse } = watch('auto', [
        [1000, keepAlive],
        [2000, event],
        [3000, keepAlive],
      ]);

      expect(pulse.keepAliveInterval).toBeUndefined();
      expect(diedAt).toBeUndefined();
    });

    it('uses the longest interval', () => {
      const { diedAt, pulse } = watch('auto', [...every(1000, 3), [5000, keepAlive], [6000, keepAlive]]);

      expect(pulse.keepAliveInterval).toBe(2000);
      expect(diedAt).toBe(6000 + 5000 + lastChance);
    });

    it('allows at least one second', () => {
      expect(watch('auto', every(10, 5)).diedAt).toBe(50 + 1000 + lastChance);
    });

    it('counts events as activity', () => {
      const events = Array.from({ length: 10 }, (_, index): [number, string] => [2000 + 2000 * (index + 1), event]);

      expect(watch('auto', [...every(1000, 2), ...events]).diedAt).toBe(22_000 + 2500 + lastChance);
    });

    it('keeps the limit for the next stream of the server', () => {
      expect(watch('auto', [], { keepAliveInterval: 4000 }).diedAt).toBe(10_000 + lastChance);
    });

    it('ignores intervals of a sleeping machine', () => {
      const { pulse } = watch('auto', [
        [1000, keepAlive],
        [8 * 3_600_000, keepAlive],
        [8 * 3_600_000 + 1000, keepAlive],
      ]);

      expect(pulse.keepAliveInterval).toBe(1000);
    });
  });

  it('waits forever if it is disabled', () => {
    expect(watch(false, every(1000, 10)).diedAt).toBeUndefined();
  });

  it('records when data last arrived', () => {
    expect(watch(false, []).pulse.lastHeardAt).toBe(0);
    expect(watch(false, [[700, event]]).pulse.lastHeardAt).toBe(700);
  });

  it('passes on completion and errors, and stops', () => {
    const scheduler = new VirtualTimeScheduler();
    const failure = new Error('broken');
    const ends: unknown[] = [];
    const watched = (chunks$: Observable<string>): void => {
      chunks$.pipe(watchdog(1000, { lastHeardAt: 0 }, scheduler)).subscribe({
        error: (error: unknown) => ends.push(error),
        complete: () => ends.push('complete'),
      });
    };

    watched(of(event));
    watched(throwError(() => failure));
    watched(timer(500, scheduler).pipe(map(() => event)));
    scheduler.flush();

    expect(ends).toEqual(['complete', failure, 'complete']);
    expect(scheduler.now()).toBeLessThanOrEqual(1000 + lastChance);
  });

  it('clears its timer', () => {
    const scheduler = new VirtualTimeScheduler();

    NEVER.pipe(watchdog(1000, { lastHeardAt: 0 }, scheduler))
      .subscribe()
      .unsubscribe();
    scheduler.flush();

    expect(scheduler.now()).toBe(0);
  });
});
