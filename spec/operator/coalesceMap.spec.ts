import { expectTypeOf } from 'expect-type';
import { map, NEVER, of, timer, type Observable } from 'rxjs';
import { coalesceMap } from '../../lib/operator/coalesceMap';
import { marbles } from '../notification/marbles';

const slow = (value: string): Observable<string> => timer(3).pipe(map(() => value.toUpperCase()));

describe('coalesceMap', () => {
  it(
    'projects the first value of a burst immediately, and the last one afterwards',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot(' -abcd--------e---');
      const expected = '    ----A--D--------E';

      expectObservable(source$.pipe(coalesceMap(slow))).toBe(expected);
    }),
  );

  it(
    'projects twice for a burst of fifty',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('            ---x|');
      const source$ = hot(`-(${'a'.repeat(50)}) 50ms |`);

      expectObservable(source$.pipe(coalesceMap(() => work$))).toBe(`----x---x ${51 + 52 - 9}ms |`);
      expectSubscriptions(work$.subscriptions).toBe(['-^---!', '-----^---!']);
    }),
  );

  it(
    'never projects concurrently',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('  --x-|   ');
      const source$ = hot(' -aaaaaaaaa|');

      expectObservable(source$.pipe(coalesceMap(() => work$))).toBe('---x---x---x-|');
      expectSubscriptions(work$.subscriptions).toBe(['-^---!', '-----^---!', '---------^---!']);
    }),
  );

  it(
    'projects every value if project is synchronous',
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(abc|)').pipe(coalesceMap((value) => of(value)))).toBe('(abc|)');
    }),
  );

  it(
    'projects the waiting value after its source has completed',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-ab|');

      expectObservable(source$.pipe(coalesceMap(slow))).toBe('----A--(B|)');
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    }),
  );

  it(
    'emits nothing for a source that never emits or is empty',
    marbles(({ cold, expectObservable }) => {
      expectObservable(NEVER.pipe(coalesceMap(slow))).toBe('---');
      expectObservable(cold('--|').pipe(coalesceMap(slow))).toBe('--|');
    }),
  );

  it(
    'errors with its source and with the inner Observable',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-#');
      const other$ = hot(' -a--');

      expectObservable(source$.pipe(coalesceMap(slow))).toBe('---#');
      expectObservable(other$.pipe(coalesceMap(() => cold('#')))).toBe('-#');
      expectSubscriptions(other$.subscriptions).toBe('^!');
    }),
  );

  it(
    'errors when project throws',
    marbles(({ hot, expectObservable }) => {
      const project = (): never => {
        throw 'error' as unknown as Error;
      };

      expectObservable(hot('-a--').pipe(coalesceMap(project))).toBe('-#');
    }),
  );

  it(
    'cancels its work on unsubscribe',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const work$ = cold('  --x-|');
      const source$ = hot(' -aa----');
      const leave = '       --!    ';

      expectObservable(source$.pipe(coalesceMap(() => work$)), leave).toBe('---');
      expectSubscriptions(source$.subscriptions).toBe('^-!');
      expectSubscriptions(work$.subscriptions).toBe('  -^!');
    }),
  );

  it('emits the inner values', () => {
    expectTypeOf(of(1).pipe(coalesceMap((n) => of(`${n}`)))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(of(1).pipe(coalesceMap(async () => true))).toEqualTypeOf<Observable<boolean>>();
  });
});
