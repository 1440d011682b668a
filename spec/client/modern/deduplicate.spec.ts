import { VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { createDeduplicator } from '../../../lib/client/modern/subscription/deduplicate';
import { collectGarbage } from '../../notification/collectGarbage';

const inVirtualTime = (run: (scheduler: TestScheduler) => void): void => {
  const scheduler = new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  });
  scheduler.run(() => {
    run(scheduler);
  });
};

it('takes all that comes on the only subscription for new', () => {
  inVirtualTime((scheduler) => {
    const { open, isNew } = createDeduplicator(scheduler);
    open('a');
    expect([isNew('a', 'k'), isNew('a', 'k'), isNew('a', 'k')]).toEqual([true, true, true]);
  });
});

it('pairs what comes on two, key by key, whichever is first', () => {
  inVirtualTime((scheduler) => {
    const { open, isNew } = createDeduplicator(scheduler);
    open('a');
    open('b');
    expect([isNew('a', 'k'), isNew('b', 'k')]).toEqual([true, false]);
    expect([isNew('b', 'k'), isNew('b', 'k'), isNew('a', 'k'), isNew('a', 'k')]).toEqual([true, true, false, false]);
    expect([isNew('a', 'k'), isNew('b', 'other')]).toEqual([true, true]);
  });
});

it('takes for new what comes when the other copy must have been there', () => {
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

it('takes nothing for new on a subscription that has ended', () => {
  inVirtualTime((scheduler) => {
    const { open, close, isNew } = createDeduplicator(scheduler);
    open('a');
    open('b');
    close('a');
    expect([isNew('a', 'k'), isNew('b', 'k')]).toEqual([false, true]);
  });
});

it('knows one for the copy of what came on a subscription that has ended since', () => {
  inVirtualTime((scheduler) => {
    const { open, close, isNew } = createDeduplicator(scheduler);
    open('a');
    open('b');
    expect(isNew('a', 'k')).toBe(true);
    close('a');
    expect([isNew('b', 'k'), isNew('b', 'k')]).toEqual([false, true]);
  });
});

it('pairs so many at a time, and tells the rest again', () => {
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

it('remembers nothing of what has no other copy', async () => {
  const twins = createDeduplicator(new VirtualTimeScheduler());
  twins.open('a');
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;

  for (let n = 0; n < 100; n++) twins.isNew('a', `${n} ${'x'.repeat(1_000_000)}`.toUpperCase());
  await collectGarbage();

  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  expect(twins.isNew('a', 'k')).toBe(true);
});

it('has settled when it was quiet, and gives up when it never is', () => {
  inVirtualTime((scheduler) => {
    const quiet = createDeduplicator(scheduler);
    quiet.open('a');
    scheduler.schedule(() => quiet.isNew('a', 'k'), 150);
    scheduler.expectObservable(quiet.settled$).toBe('350ms (t|)', { t: true });
  });
  inVirtualTime((scheduler) => {
    const busy = createDeduplicator(scheduler);
    busy.open('a');
    for (let at = 0; at < 6_000; at += 100) scheduler.schedule(() => busy.isNew('a', 'k'), at);
    scheduler.expectObservable(busy.settled$).toBe('2s (f|)', { f: false });
  });
});
