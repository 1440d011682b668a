import { TestScheduler } from 'rxjs/testing';
import { replayTo } from '../model/replayTo';

const steps = [1, 2, 2, 5].map((t, index) => ({ t, name: 'abcd'[index]! }));

/** Expects these steps for each position. A leading `<` means that the replay starts from the beginning. */
function replays(positions: string, values: Record<string, number>, expected: string, results: Record<string, string>) {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
  scheduler.run(({ cold, expectObservable }) => {
    const replayed = Object.fromEntries(
      Object.entries(results).map(([letter, names]) => [
        letter,
        { rewound: names.startsWith('<'), steps: steps.filter(({ name }) => names.includes(name)) },
      ]),
    );
    expectObservable(cold(positions, values).pipe(replayTo(steps))).toBe(expected, replayed);
  });
}

describe('replayTo', () => {
  it('replays the steps between two positions', () => {
    replays('-x-y-z|', { x: 1, y: 2, z: 9 }, '-x-y-z|', { x: 'a', y: 'bc', z: 'd' });
  });

  it('starts from the beginning when time moves back', () => {
    replays('-x-y-z', { x: 9, y: 2, z: 5 }, '-x-y-z', { x: 'abcd', y: '<abc', z: 'd' });
  });

  it('replays no steps before the first one, and none twice', () => {
    replays('wxyz', { w: 0, x: 1, y: 1, z: 0 }, 'wxyz', { w: '', x: 'a', y: '', z: '<' });
  });

  it('emits nothing without a position, and passes an error on', () => {
    replays('-', {}, '-', {});
    replays('|', {}, '|', {});
    replays('x#', { x: 2 }, 'x#', { x: 'abc' });
  });

  it('starts from the beginning for each subscriber', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ cold, expectObservable }) => {
      const replayed$ = cold('x', { x: 1 }).pipe(replayTo(steps));
      for (let n = 0; n < 2; n++) {
        expectObservable(replayed$, '^-!').toBe('x', { x: { rewound: false, steps: steps.slice(0, 1) } });
      }
    });
  });
});
