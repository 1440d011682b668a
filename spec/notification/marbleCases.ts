import { mergeMap, of } from 'rxjs';
import type { Way } from './bothWays';
import { marbles } from './marbles';
import type { OperatorUnderTest } from './operatorUnderTest';

/** Specs for when an operator emits and ends, and how long it is subscribed to its source. */
export function marbleCases<R>({ operator, a, b, x, A, B }: OperatorUnderTest<R>, { over, own }: Way): void {
  const values = { a, b, x };
  const results = { A, B };

  it(
    'never emits if its source never emits',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-', values);
      const expected = '   -';

      expectObservable(over(source$).pipe(operator())).toBe(expected, results);
    }),
  );

  it(
    'completes with an empty source',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('|', values);
      const expected = '   |';

      expectObservable(over(source$).pipe(operator())).toBe(expected, results);
    }),
  );

  it(
    'emits each matching notification immediately, in order, and completes with its source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-x-(bxa)-a|', values);
      const subs = '       ^-----------!';
      const expected = '   -A---(BA)--A|';

      expectObservable(over(source$).pipe(operator())).toBe(expected, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'emits nothing if nothing matches',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-x-x-x-|', values);
      const expected = '   -------|';

      expectObservable(over(source$).pipe(operator())).toBe(expected, results);
    }),
  );

  it(
    'unsubscribes from its source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-x-b-a-b-|', values);
      const unsub = '      ------!     ';
      const expected = '   -A---B-     ';
      const subs = own ? ' ^----------!' : '^-----!';

      expectObservable(over(source$).pipe(operator()), unsub).toBe(expected, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'unsubscribes the whole chain when the chain is ended from outside',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-x-b-a-b-|', values);
      const unsub = '      ------!     ';
      const expected = '   -A---B-     ';
      const subs = own ? ' ^----------!' : '^-----!';
      const chain$ = over(source$).pipe(
        operator(),
        mergeMap((value) => of(value)),
      );

      expectObservable(chain$, unsub).toBe(expected, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );

  it(
    'serves each subscriber separately, from its subscription to its unsubscription',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a-b-a-x-b-|', values);
      const first = '       ^----!      ';
      const expectedOne = ' -A-B-       ';
      const second = '      --^---------';
      const expectedTwo = ' ---B-A---B-|';
      const subs = own ? ['^----------!'] : ['^----!', '--^--------!'];
      const stream$ = over(source$).pipe(operator());

      expectObservable(stream$, first).toBe(expectedOne, results);
      expectObservable(stream$, second).toBe(expectedTwo, results);
      expectSubscriptions(source$.subscriptions).toBe(subs);
    }),
  );
}
