import { expectTypeOf } from 'expect-type';
import { map, NEVER, of, timer, type Observable } from 'rxjs';
import { coalesceMap } from '../../lib/operator/coalesceMap';
import { marbles } from '../notification/marbles';

const slow = (value: string): Observable<string> => timer(3).pipe(map(() => value.toUpperCase()));

describe('coalesceMap', () => {
  it(
    'works at once for the first of a burst, and for the last when that is done',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot(' -abcd--------e---');
      const expected = '    ----A--D--------E';

      expectObservable(source$.pipe(coalesceMap(slow))).toBe(expected);
    }),
  );

  it(
    'is done twice for a burst of fifty',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('            ---x|');
      const source$ = hot(`-(${'a'.repeat(50)}) 50ms |`);

      expectObservable(source$.pipe(coalesceMap(() => work$))).toBe(`----x---x ${51 + 52 - 9}ms |`);
      expectSubscriptions(work$.subscriptions).toBe(['-^---!', '-----^---!']);
    }),
  );

  it(
    'never has two pieces of work under way',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('  --x-|   ');
      const source$ = hot(' -aaaaaaaaa|');

      expectObservable(source$.pipe(coalesceMap(() => work$))).toBe('---x---x---x-|');
      expectSubscriptions(work$.subscriptions).toBe(['-^---!', '-----^---!', '---------^---!']);
    }),
  );

  it(
    'works for every value, where each is done at once',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(abc|)').pipe(coalesceMap((value) => of(value)))).toBe('(abc|)');
    }),
  );

  it(
    'does what is left when its source has completed, then completes',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-ab|');

      expectObservable(source$.pipe(coalesceMap(slow))).toBe('----A--(B|)');
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    }),
  );

  it(
    'does nothing for a source that never emits, or is empty',
    marbles(({ cold, expectObservable }) => {
      expectObservable(NEVER.pipe(coalesceMap(slow))).toBe('---');
      expectObservable(cold('--|').pipe(coalesceMap(slow))).toBe('--|');
    }),
  );

  it(
    'errors with its source, and with its work',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-#');
      const other$ = hot(' -a--');

      expectObservable(source$.pipe(coalesceMap(slow))).toBe('---#');
      expectObservable(other$.pipe(coalesceMap(() => cold('#')))).toBe('-#');
      expectSubscriptions(other$.subscriptions).toBe('^!');
    }),
  );

  it(
    'errors when what makes the work throws',
    marbles(({ hot, expectObservable }) => {
      const project = (): never => {
        throw 'error' as unknown as Error;
      };

      expectObservable(hot('-a--').pipe(coalesceMap(project))).toBe('-#');
    }),
  );

  it(
    'gives up its work when it is unsubscribed from',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('  --x-|');
      const source$ = hot(' -aa----');
      const leave = '       --!    ';

      expectObservable(source$.pipe(coalesceMap(() => work$)), leave).toBe('---');
      expectSubscriptions(source$.subscriptions).toBe('^-!');
      expectSubscriptions(work$.subscriptions).toBe('  -^!');
    }),
  );

  it('emits what its work does', () => {
    expectTypeOf(of(1).pipe(coalesceMap((n) => of(`${n}`)))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(of(1).pipe(coalesceMap(async () => true))).toEqualTypeOf<Observable<boolean>>();
  });
});
