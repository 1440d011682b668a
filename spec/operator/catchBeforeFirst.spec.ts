import { concat, defer, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { catchBeforeFirst } from '../../lib/operator/catchBeforeFirst';

const failure = new Error('broken');
const failing$ = throwError(() => failure);

/** All that an Observable tells at once. */
function told(source$: Observable<unknown>): unknown[] {
  const seen: unknown[] = [];
  source$
    .subscribe({
      next: (value) => seen.push(value),
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    })
    .unsubscribe();
  return seen;
}

describe('catchEarly', () => {
  it('goes on with what is selected when the source fails before anything came', () => {
    const given: unknown[] = [];
    const selected$ = failing$.pipe(
      catchBeforeFirst((error) => {
        given.push(error);
        return of(1, 2);
      }),
    );

    expect(told(selected$)).toEqual([1, 2, 'complete']);
    expect(given).toEqual([failure]);
  });

  it('leaves a source alone that has begun', () => {
    expect(told(concat(of(1), failing$).pipe(catchBeforeFirst(() => of(2))))).toEqual([1, failure]);
    expect(told(of(1).pipe(catchBeforeFirst(() => of(2))))).toEqual([1, 'complete']);
  });

  it('begins afresh for each subscriber', () => {
    const sources = [concat(of(1), failing$), failing$];
    const caught$ = defer(() => sources.shift() ?? NEVER).pipe(catchBeforeFirst(() => of(2)));

    expect(told(caught$)).toEqual([1, failure]);
    expect(told(caught$)).toEqual([2, 'complete']);
  });

  it('errors with what the selector throws', () => {
    const other = new Error('no way');
    const caught$ = failing$.pipe(
      catchBeforeFirst(() => {
        throw other;
      }),
    );

    expect(told(caught$)).toEqual([other]);
  });

  it('lets go of the source, and of what took its place', () => {
    const source$ = new Subject<number>();
    const selected$ = new Subject<number>();
    const caught$ = source$.pipe(catchBeforeFirst(() => selected$));

    caught$.subscribe().unsubscribe();
    expect(source$.observed).toBe(false);

    const subscription = caught$.subscribe();
    source$.error(failure);
    expect(selected$.observed).toBe(true);
    subscription.unsubscribe();
    expect(selected$.observed).toBe(false);
  });
});
