import { expectTypeOf } from 'expect-type';
import { boundedConcatMap, type BoundedConcatMapOptions, ConfigError, HandlerError } from 'rx-mcp';
import { concatMap, EMPTY, from, map, NEVER, of, Subject, take, timer, toArray, type Observable } from 'rxjs';
import { marbles } from '../notification/marbles';

/** Slow work, whose result identifies its input. */
const slow = (value: string): Observable<string> => timer(3).pipe(map(() => value.toUpperCase()));
type Overflow = NonNullable<BoundedConcatMapOptions<unknown>['overflow']>;

describe('boundedConcatMap', () => {
  it(
    'projects one value at a time, and completes when all are done',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -ab--c|       ');
      const expected = '     ----A--B--(C|)';
      const subscribed = '   ^-----!       ';

      expectObservable(source$.pipe(boundedConcatMap(slow, { capacity: 5 }))).toBe(expected);
      expectSubscriptions(source$.subscriptions).toBe(subscribed);
    }),
  );

  it(
    'emits all inner values in order',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work = { a: cold('x-y-z|'), b: cold('u|') };
      const source$ = hot<'a' | 'b'>('-ab-----------');
      const expected = '              -x-y-zu-------';

      expectObservable(source$.pipe(boundedConcatMap((key) => work[key], { capacity: 1 }))).toBe(expected);
      expectSubscriptions(work.a.subscriptions).toBe('-^----!');
      expectSubscriptions(work.b.subscriptions).toBe('------^!');
    }),
  );

  it.each<[Overflow, string, string[]]>([
    ['dropOldest', '----A--E--F---', ['b', 'c', 'd']],
    ['dropNewest', '----A--B--C---', ['d', 'e', 'f']],
    ['latest', '    ----A--F------', ['b', 'c', 'd', 'e']],
  ])('drops with %s', (overflow, expected, gone) => {
    const dropped: unknown[] = [];
    marbles(({ hot, expectObservable }) => {
      const onDrop = (value: string, count: number): unknown => dropped.push([value, count]);
      const source$ = hot('-(abcdef)---');

      expectObservable(source$.pipe(boundedConcatMap(slow, { capacity: 2, overflow, onDrop }))).toBe(expected);
    })();

    expect(dropped).toEqual(gone.map((value, index) => [value, index + 1]));
  });

  it(
    'drops the oldest by default',
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-(abcd)-----').pipe(boundedConcatMap(slow, { capacity: 1 }))).toBe('----A--D');
    }),
  );

  it(
    "errors with overflow: 'error', and cancels the current work",
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('----x|');
      const source$ = hot(' -a-b-c--');
      const expected = '    -----#--';
      const full = new HandlerError('boundedConcatMap: queue is full (capacity 1)');

      const result$ = source$.pipe(boundedConcatMap(() => work$, { capacity: 1, overflow: 'error' }));
      expectObservable(result$).toBe(expected, undefined, full);
      expectSubscriptions(source$.subscriptions).toBe('^----!');
      expectSubscriptions(work$.subscriptions).toBe('  -^---!');
    }),
  );

  it(
    'never emits for a source that never emits',
    marbles(({ expectObservable }) => {
      expectObservable(NEVER.pipe(boundedConcatMap(slow, { capacity: 1 }))).toBe('-----');
    }),
  );

  it(
    'completes with an empty source',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('--|');

      expectObservable(source$.pipe(boundedConcatMap(slow, { capacity: 1 }))).toBe('--|');
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    }),
  );

  it(
    'errors with its source immediately',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('----x|');
      const source$ = hot(' -ab#   ');
      const expected = '    ---#   ';

      expectObservable(source$.pipe(boundedConcatMap(() => work$, { capacity: 1 }))).toBe(expected);
      expectSubscriptions(work$.subscriptions).toBe('-^-!');
    }),
  );

  it(
    'errors with the inner Observable, and stops',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot(' -a-b---');
      const expected = '    -A-#---';
      const work = (value: string): Observable<string> => (value === 'a' ? of('A') : cold('#'));

      expectObservable(source$.pipe(boundedConcatMap(work, { capacity: 1 }))).toBe(expected);
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    }),
  );

  it(
    'errors when project throws',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a--');
      const project = (): never => {
        throw 'error' as unknown as Error;
      };

      expectObservable(source$.pipe(boundedConcatMap(project, { capacity: 1 }))).toBe('-#');
      expectSubscriptions(source$.subscriptions).toBe('^!');
    }),
  );

  it(
    'errors when onDrop throws',
    marbles(({ hot, expectObservable }) => {
      const onDrop = (): never => {
        throw 'error' as unknown as Error;
      };

      expectObservable(hot('-(abc)').pipe(boundedConcatMap(slow, { capacity: 1, onDrop }))).toBe('-#');
    }),
  );

  it(
    'unsubscribes from source and inner Observable, and discards the queue',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('  x----|');
      const source$ = hot(' -ab------');
      const leave = '       ----!    ';
      const expected = '    -x---    ';

      expectObservable(source$.pipe(boundedConcatMap(() => work$, { capacity: 1 })), leave).toBe(expected);
      expectSubscriptions(source$.subscriptions).toBe('^---!');
      expectSubscriptions(work$.subscriptions).toBe('  -^--!');
    }),
  );

  it(
    'stops when take has enough',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-ab----');

      expectObservable(source$.pipe(boundedConcatMap(slow, { capacity: 1 }), take(1))).toBe('----(A|)');
      expectSubscriptions(source$.subscriptions).toBe('^---!');
    }),
  );

  it(
    'has one queue per subscriber',
    marbles(({ hot, expectObservable }) => {
      const result$ = hot('-a-b-c-----').pipe(boundedConcatMap(slow, { capacity: 1 }));

      expectObservable(result$).toBe('            ----A--B--C');
      expectObservable(result$, '--^--------').toBe('------B--C');
    }),
  );

  it('behaves like concatMap within its capacity', () => {
    const work = (value: number): Observable<number> => (value % 3 === 0 ? EMPTY : of(value, -value));
    const values = Array.from({ length: 20 }, (_, index) => index);
    let bounded: number[] = [];
    let plain: number[] = [];

    from(values)
      .pipe(boundedConcatMap(work, { capacity: 1 }), toArray())
      .subscribe((all) => (bounded = all));
    from(values)
      .pipe(concatMap(work), toArray())
      .subscribe((all) => (plain = all));

    expect(bounded).toEqual(plain);
    expect(bounded).toHaveLength(26);
  });

  it('accepts values that its own work emits', () => {
    const source$ = new Subject<number>();
    const done: number[] = [];

    source$
      .pipe(
        boundedConcatMap(
          (value) => {
            if (value < 3) source$.next(value + 1);
            return of(value);
          },
          { capacity: 1 },
        ),
      )
      .subscribe((value) => done.push(value));
    source$.next(0);

    expect(done).toEqual([0, 1, 2, 3]);
  });

  it('projects ten thousand waiting values without overflowing the stack', () => {
    const source$ = new Subject<number>();
    const first$ = new Subject<number>();
    let done = 0;
    let completed = false;
    source$
      .pipe(boundedConcatMap((value) => (value === 0 ? first$ : of(value)), { capacity: 10_000 }))
      .subscribe({ next: () => done++, complete: () => (completed = true) });
    for (let value = 0; value < 10_000; value++) source$.next(value);
    source$.complete();
    expect(done).toBe(0);

    first$.complete();

    expect(done).toBe(9_999);
    expect(completed).toBe(true);
  });

  it.each([0, -1, NaN, 0.5])('rejects a capacity of %p', (capacity) => {
    const make = () => boundedConcatMap(slow, { capacity });

    expect(make).toThrow(ConfigError);
    expect(make).toThrow(`boundedConcatMap.capacity: expected a number >= 1, got ${String(capacity)}`);
    expect(make).toThrow(expect.objectContaining({ path: 'boundedConcatMap.capacity', retryable: false }));
  });

  it('accepts any ObservableInput', () => {
    const options = { capacity: 1 };
    expectTypeOf(of(1).pipe(boundedConcatMap((n) => of(`${n}`), options))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(of(1).pipe(boundedConcatMap(async () => true, options))).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(of(1).pipe(boundedConcatMap(() => [1, 2], options))).toEqualTypeOf<Observable<number>>();
    of('a').pipe(
      boundedConcatMap(slow, {
        capacity: 1,
        onDrop: (value, count) => {
          expectTypeOf(value).toEqualTypeOf<string>();
          expectTypeOf(count).toEqualTypeOf<number>();
        },
      }),
    );
    // @ts-expect-error -- the capacity is required
    expect(() => boundedConcatMap(slow, {})).toThrow('boundedConcatMap.capacity');
    // @ts-expect-error -- the options are required
    expect(() => boundedConcatMap(slow)).toThrow(ConfigError);
    // @ts-expect-error -- unknown strategy
    expect(() => boundedConcatMap(slow, { capacity: 1, overflow: 'wait' })).toThrow('boundedConcatMap.overflow');
  });
});
