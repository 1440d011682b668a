import { concat, defer, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { catchBeforeFirst } from '../../lib/operator/catchBeforeFirst';

const failure = new Error('broken');
const failing$ = throwError(() => failure);

/** Returns everything that an Observable emits synchronously. */
function emissionsOf(source$: Observable<unknown>): unknown[] {
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

describe('catchBeforeFirst', () => {
  it('continues with the selected source on an error before the first value', () => {
    const given: unknown[] = [];
    const selected$ = failing$.pipe(
      catchBeforeFirst((error) => {
        given.push(error);
        return of(1, 2);
      }),
    );

    expect(emissionsOf(selected$)).toEqual([1, 2, 'complete']);
    expect(given).toEqual([failure]);
  });

  it('passes on an error after the first value', () => {
    expect(emissionsOf(concat(of(1), failing$).pipe(catchBeforeFirst(() => of(2))))).toEqual([1, failure]);
    expect(emissionsOf(of(1).pipe(catchBeforeFirst(() => of(2))))).toEqual([1, 'complete']);
  });

  it('starts over for each subscriber', () => {
    const sources = [concat(of(1), failing$), failing$];
    const caught$ = defer(() => sources.shift() ?? NEVER).pipe(catchBeforeFirst(() => of(2)));

    expect(emissionsOf(caught$)).toEqual([1, failure]);
    expect(emissionsOf(caught$)).toEqual([2, 'complete']);
  });

  it('errors when the selector throws', () => {
    const other = new Error('no way');
    const caught$ = failing$.pipe(
      catchBeforeFirst(() => {
        throw other;
      }),
    );

    expect(emissionsOf(caught$)).toEqual([other]);
  });

  it('unsubscribes from the source and from its replacement', () => {
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
