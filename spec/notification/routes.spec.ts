import fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { Routes } from '../../lib/notification/routes';
import { collectGarbage } from './collectGarbage';
import { record } from '../rig/record';

describe('Routes', () => {
  it('sends a value to the subscribers of its key in order', () => {
    const routes = new Routes<string, number>();
    const seen: [string, number][] = [];
    routes.at('a').subscribe((value) => seen.push(['first', value]));
    routes.at('b').subscribe((value) => seen.push(['other', value]));
    routes.at('a').subscribe((value) => seen.push(['second', value]));

    routes.send('a', 1);
    routes.send('b', 2);
    routes.send('c', 3);

    expect(seen).toEqual([
      ['first', 1],
      ['second', 1],
      ['other', 2],
    ]);
  });

  it('serves each subscription separately', () => {
    const routes = new Routes<string, number>();
    const stream$ = routes.at('a');
    const first: number[] = [];
    const second: number[] = [];
    const subscription = stream$.subscribe((value) => first.push(value));
    stream$.subscribe((value) => second.push(value));

    routes.send('a', 1);
    subscription.unsubscribe();
    routes.send('a', 2);

    expect([first, second]).toEqual([[1], [1, 2]]);
  });

  it('completes present, concurrent and later subscribers', () => {
    const routes = new Routes<string, number>();
    const nested: unknown[][] = [];
    const early = record(routes.at('a')).seen;
    routes.at('b').subscribe({ complete: () => nested.push(record(routes.at('a')).seen, record(routes.at('c')).seen) });
    const alsoEarly = record(routes.at('z')).seen;

    routes.complete();

    expect([early, alsoEarly, ...nested, record(routes.at('a')).seen, record(routes.at('new')).seen]).toEqual(
      Array(6).fill(['complete']),
    );
  });

  it('keeps subscribers while others subscribe and unsubscribe', () => {
    const routes = new Routes<number, number>();
    const staying = Array.from({ length: 300 }, (_, key) => record(routes.at(key)).seen);

    for (let key = 0; key < 10_000; key++) routes.at(key).subscribe().unsubscribe();
    for (let key = 0; key < 300; key++) routes.send(key, key);

    expect(staying).toEqual(staying.map((_, key) => [key]));
  });

  it('bounds the memory of former keys', async () => {
    const routes = new Routes<object, number>();
    const keys: WeakRef<object>[] = [];
    for (let n = 0; n < 10_000; n++) {
      const key = { n };
      keys.push(new WeakRef(key));
      routes.at(key).subscribe().unsubscribe();
    }

    await collectGarbage();

    const kept = keys.filter((key) => key.deref() !== undefined).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(200);
    // The routes still exist, so they could still reference all subscribers.
    expect(record(routes.at({})).seen).toEqual([]);
  });

  it('keeps a few idle keys while another key is added and removed repeatedly', async () => {
    const routes = new Routes<object, number>();
    const keys: WeakRef<object>[] = [];
    const changingKey = {};
    for (let n = 0; n < 40; n++) {
      const key = { n };
      keys.push(new WeakRef(key));
      routes.at(key).subscribe().unsubscribe();
    }

    for (let n = 0; n < 1_000; n++) routes.at(changingKey).subscribe().unsubscribe();
    await collectGarbage();

    expect(keys.filter((key) => key.deref() !== undefined)).toHaveLength(40);
    expect(record(routes.at(changingKey)).seen).toEqual([]);
  });

  it('behaves like filters of one stream for random operations', () => {
    const key = fc.integer({ min: 0, max: 5 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constant('subscribe' as const), key }) },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('unsubscribe' as const), index: fc.nat(20) }) },
      { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), key }) },
      // Enough keys to remove idle ones, sometimes including keys that other subscribers use.
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('crowd' as const), from: fc.integer({ min: 0, max: 10 }) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('complete' as const) }) },
    );

    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const routes = new Routes<number, number>();
        const subscribers: { key: number; seen: unknown[]; subscription: Subscription }[] = [];
        const expected: { key: number; seen: unknown[]; live: boolean }[] = [];
        let completed = false;

        steps.forEach((each, turn) => {
          if (each.type === 'subscribe') {
            const seen: unknown[] = [];
            const subscription = routes.at(each.key).subscribe({
              next: (value) => seen.push(value),
              complete: () => seen.push('complete'),
            });
            subscribers.push({ key: each.key, seen, subscription });
            expected.push({ key: each.key, seen: completed ? ['complete'] : [], live: !completed });
          } else if (each.type === 'unsubscribe') {
            subscribers[each.index]?.subscription.unsubscribe();
            const model = expected[each.index];
            if (model) model.live = false;
          } else if (each.type === 'send') {
            routes.send(each.key, turn);
            for (const model of expected) if (model.live && model.key === each.key) model.seen.push(turn);
          } else if (each.type === 'crowd') {
            for (let other = each.from; other < each.from + 200; other++) routes.at(other).subscribe().unsubscribe();
          } else {
            routes.complete();
            completed = true;
            for (const model of expected) {
              if (model.live) model.seen.push('complete');
              model.live = false;
            }
          }
          expect(subscribers.map(({ seen }) => seen)).toEqual(expected.map(({ seen }) => seen));
        });
      }),
      { numRuns: 300 },
    );
  });
});
