import { VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { createDeduplicator } from '../../../../lib/client/modern/subscription/deduplicate';
import { collectGarbage } from '../../../notification/collectGarbage';

const inVirtualTime = (run: (scheduler: TestScheduler) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
  scheduler.run(() => {
    run(scheduler);
  });
};

describe('createDeduplicator', () => {
  it('accepts everything on a single subscription', () => {
    inVirtualTime((scheduler) => {
      const { open, isNew } = createDeduplicator(scheduler);
      open('a');
      expect([isNew('a', 'k'), isNew('a', 'k'), isNew('a', 'k')]).toEqual([true, true, true]);
    });
  });

  it('pairs notifications of two subscriptions by key, in either order', () => {
    inVirtualTime((scheduler) => {
      const { open, isNew } = createDeduplicator(scheduler);
      open('a');
      open('b');
      expect([isNew('a', 'k'), isNew('b', 'k')]).toEqual([true, false]);
      expect([isNew('b', 'k'), isNew('b', 'k'), isNew('a', 'k'), isNew('a', 'k')]).toEqual([true, true, false, false]);
      expect([isNew('a', 'k'), isNew('b', 'other')]).toEqual([true, true]);
    });
  });

  it('accepts a notification after the maximum skew', () => {
    inVirtualTime((scheduler) => {
      const { open, isNew } = createDeduplicator(scheduler);
      open('a');
      open('b');
      expect(isNew('a', 'k')).toBe(true);
      scheduler.schedule(() => {
        expect(isNew('b', 'k')).toBe(true);
      }, 201);
    });
  });

  it('accepts nothing on an ended subscription', () => {
    inVirtualTime((scheduler) => {
      const { open, close, isNew } = createDeduplicator(scheduler);
      open('a');
      open('b');
      close('a');
      expect([isNew('a', 'k'), isNew('b', 'k')]).toEqual([false, true]);
    });
  });

  it('drops the copy of a notification of an ended subscription', () => {
    inVirtualTime((scheduler) => {
      const { open, close, isNew } = createDeduplicator(scheduler);
      open('a');
      open('b');
      expect(isNew('a', 'k')).toBe(true);
      close('a');
      expect([isNew('b', 'k'), isNew('b', 'k')]).toEqual([false, true]);
    });
  });

  it('pairs a limited number, and accepts the rest twice', () => {
    inVirtualTime((scheduler) => {
      const { open, isNew } = createDeduplicator(scheduler);
      const flood = (id: string): number =>
        Array.from({ length: 5_000 }, (_, n) => isNew(id, `${n}`)).filter(Boolean).length;
      open('a');
      open('b');

      expect([flood('a'), flood('b')]).toEqual([5_000, 5_000 - 1_024]);
      scheduler.schedule(() => {
        expect([isNew('a', 'k'), isNew('b', 'k')]).toEqual([true, false]);
      }, 201);
    });
  });

  it('remembers nothing without a second subscription', async () => {
    const deduplicator = createDeduplicator(new VirtualTimeScheduler());
    deduplicator.open('a');
    await collectGarbage();
    const before = process.memoryUsage().heapUsed;

    for (let n = 0; n < 100; n++) deduplicator.isNew('a', `${n} ${'x'.repeat(1_000_000)}`.toUpperCase());
    await collectGarbage();

    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    expect(deduplicator.isNew('a', 'k')).toBe(true);
  });

  it('emits whether it has settled or given up', () => {
    inVirtualTime((scheduler) => {
      const quiet = createDeduplicator(scheduler);
      quiet.open('a');
      scheduler.schedule(() => quiet.isNew('a', 'k'), 150);
      scheduler.expectObservable(quiet.quiet$).toBe('350ms (t|)', { t: true });
    });
    inVirtualTime((scheduler) => {
      const busy = createDeduplicator(scheduler);
      busy.open('a');
      for (let at = 0; at < 6_000; at += 100) scheduler.schedule(() => busy.isNew('a', 'k'), at);
      scheduler.expectObservable(busy.quiet$).toBe('2s (f|)', { f: false });
    });
  });
});
