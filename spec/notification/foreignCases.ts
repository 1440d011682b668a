import { Observable, take } from 'rxjs';
import type { Notification } from '../../lib/protocol/types';
import { marbles } from './marbles';
import type { OperatorUnderTest } from './operatorUnderTest';

/** Specs for sources that a session does not have: one that errors, one that is cold, and one that is synchronous. */
export function foreignCases<R>({ operator, a, b, x, A, B }: OperatorUnderTest<R>): void {
  const values = { a, b, x };
  const results = { A, B };

  it(
    'errors with its source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-x-#', values);
      const subs = '       ^----!';
      const expected = '   -A---#';

      expectObservable(source$.pipe(operator())).toBe(expected, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'resubscribes to its source for each subscriber',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('-a-x-b|  ', values);
      const first = '       ^        ';
      const expectedOne = ' -A---B|  ';
      const second = '      --^      ';
      const expectedTwo = ' ---A---B|';
      const subs = ['       ^-----!  ', '--^-----!'];

      expectObservable(source$.pipe(operator()), first).toBe(expectedOne, results);
      expectObservable(source$.pipe(operator()), second).toBe(expectedTwo, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it('stops a synchronous source as soon as it has emitted enough', () => {
    let emitted = 0;
    const source$ = new Observable<Notification>((subscriber) => {
      while (!subscriber.closed && emitted < 100) {
        emitted++;
        subscriber.next(a);
      }
    });
    const seen: R[] = [];

    source$.pipe(operator(), take(2)).subscribe((value) => seen.push(value));

    expect(seen).toEqual([A, A]);
    expect(emitted).toBe(2);
  });
}
