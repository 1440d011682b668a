import { Observable, take } from 'rxjs';
import type { Notification } from '../../lib/protocol/types';
import { marbles } from './marbles';
import type { OperatorUnderTest } from './operatorUnderTest';

/** What an operator does on a source such as no session has: one that errors, that is cold, or that never pauses. */
export function foreignCases<R>({ operator, a, b, x, A, B }: OperatorUnderTest<R>): void {
  const values = { a, b, x };
  const results = { A, B };

  it(
    'errors with it',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-x-#', values);
      const subs = '       ^----!';
      const expected = '   -A---#';

      expectObservable(source$.pipe(operator())).toBe(expected, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'begins it afresh for each subscriber',
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

  it('stops one that emits without a pause as soon as enough has come', () => {
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
