import { noop, VirtualTimeScheduler } from 'rxjs';
import type { Watchdog } from '../../../../lib/client/connection/connector';
import { type StreamHealth, StreamWatchdog } from '../../../../lib/client/http/sse/streamWatchdog';

const keepAlive = ': keepalive\n\n';
const event = 'data: {}\n\n';
/** The grace period to read data that has already arrived, in milliseconds. */
const lastChance = 50;

/** Watches chunks that arrive at these times, in virtual time. */
function watch(
  limit: Watchdog,
  chunks: readonly (readonly [at: number, chunk: string])[],
  known?: Partial<StreamHealth>,
) {
  const scheduler = new VirtualTimeScheduler();
  const pulse: StreamHealth = { lastLiveAt: -1, ...known };
  let diedAt: number | undefined;
  let reason = '';
  for (const [at, chunk] of chunks) scheduler.schedule(() => diedAt ?? watched.onChunk(chunk), at);
  const watched = new StreamWatchdog(limit, pulse, scheduler, (error) => {
    diedAt = scheduler.now();
    reason = String(error);
  });
  scheduler.flush();
  return { diedAt, reason, pulse };
}

const every = (period: number, count: number, chunk = keepAlive): [number, string][] =>
  Array.from({ length: count }, (_, index) => [period * (index + 1), chunk]);

describe('StreamWatchdog', () => {
  describe('with a configured limit', () => {
    it('errors on a stream without any data', () => {
      expect(watch(5000, [])).toMatchObject({
        diedAt: 5000 + lastChance,
        reason: 'Error: silent for 5000 ms',
      });
    });

    it('restarts with every chunk', () => {
      const { diedAt } = watch(5000, [
        [3000, event],
        [7000, keepAlive],
        [11_999, 'da'],
      ]);

      expect(diedAt).toBe(16_999 + lastChance);
    });

    it('accepts data at the last moment', () => {
      expect(watch(5000, [[5000 + lastChance - 1, event]]).diedAt).toBe(10_000 + 2 * lastChance - 1);
    });
  });

  describe('with a learned limit', () => {
    const minSilence = 15_000;

    it('waits forever until it has learned a limit', () => {
      expect(watch('auto', []).diedAt).toBeUndefined();
      expect(watch('auto', every(20_000, 3)).diedAt).toBeUndefined();
      expect(watch('auto', every(1000, 50, event)).diedAt).toBeUndefined();
    });

    it('learns from three intervals between consecutive keep-alives, and then waits for two and a half', () => {
      const { diedAt, pulse } = watch('auto', every(15_000, 4));

      expect(pulse.keepAliveIntervals).toEqual([15_000, 15_000, 15_000]);
      expect(diedAt).toBe(60_000 + 37_500 + lastChance);
    });

    it('does not learn from keep-alives with an event between them', () => {
      const { diedAt, pulse } = watch('auto', [
        [1000, keepAlive],
        [2000, event],
        [3000, keepAlive],
      ]);

      expect(pulse.keepAliveIntervals).toBeUndefined();
      expect(diedAt).toBeUndefined();
    });

    it('uses the longest of the last intervals', () => {
      expect(watch('auto', [...every(10_000, 3), [50_000, keepAlive]]).diedAt).toBe(50_000 + 50_000 + lastChance);
    });

    it('forgets a long interval after many short ones', () => {
      const short = Array.from({ length: 16 }, (_, index): [number, string] => [61_000 + 1000 * index, keepAlive]);

      const { pulse } = watch('auto', [[0, keepAlive], [60_000, keepAlive], ...short]);

      expect(pulse.keepAliveIntervals).toEqual(Array(16).fill(1_000));
    });

    it.each([
      [
        'two timers with different periods',
        [[300, keepAlive], [360, keepAlive], ...every(4_000, 4)] as [number, string][],
      ],
      ['comments that a proxy buffered', [...every(10, 5), [14_000, keepAlive]] as [number, string][]],
      ['an event loop that was busy', [...every(1_000, 5), [19_900, keepAlive]] as [number, string][]],
    ])('does not consider a stream dead in less than 15 seconds: %s', (_, chunks) => {
      const lastAt = Math.max(...chunks.map(([at]) => at));

      expect(watch('auto', chunks).diedAt ?? Infinity).toBeGreaterThanOrEqual(lastAt + minSilence);
    });

    it('accepts events as proof that the stream is live', () => {
      const events = Array.from({ length: 10 }, (_, index): [number, string] => [10_000 * (index + 1), event]);

      expect(watch('auto', [...every(1000, 4), ...events]).diedAt).toBe(100_000 + minSilence + lastChance);
    });

    it('remembers what it learned for the next stream of the same server', () => {
      expect(watch('auto', [], { keepAliveIntervals: [8000, 8000, 8000] }).diedAt).toBe(20_000 + lastChance);
    });

    it('is more lenient after each stream that it considered dead', () => {
      const known = { keepAliveIntervals: [8000, 8000, 8000] };

      const { pulse } = watch('auto', [], known);
      expect(pulse.timeouts).toBe(1);
      expect(watch('auto', [], pulse).diedAt).toBe(40_000 + lastChance);
    });

    it('does not learn from a machine that was asleep', () => {
      const { pulse } = watch('auto', [
        [1000, keepAlive],
        [8 * 3_600_000, keepAlive],
        [8 * 3_600_000 + 1000, keepAlive],
      ]);

      expect(pulse.keepAliveIntervals).toEqual([1000]);
    });
  });

  it('waits forever if disabled', () => {
    expect(watch(false, every(1000, 10)).diedAt).toBeUndefined();
  });

  it('records when data last arrived', () => {
    expect(watch(false, []).pulse.lastLiveAt).toBe(0);
    expect(watch(false, [[700, event]]).pulse.lastLiveAt).toBe(700);
  });

  it('clears its timer', () => {
    const scheduler = new VirtualTimeScheduler();

    new StreamWatchdog(1000, { lastLiveAt: 0 }, scheduler, noop).stop();
    scheduler.flush();

    expect(scheduler.now()).toBe(0);
  });
});
