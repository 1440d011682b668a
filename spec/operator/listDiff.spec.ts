import { expectTypeOf } from 'expect-type';
import { listDiff, type ListDiff, type MCPSession, type Resource, type Tool } from 'rx-mcp';
import { lastValueFrom, NEVER, of, toArray, type Observable } from 'rxjs';
import { marbles } from '../notification/marbles';

interface Named {
  name: string;
  description?: string;
}

const a: Named = { name: 'a' };
const b: Named = { name: 'b' };
const changed: Named = { name: 'b', description: 'new' };
const diffs = {
  a: { added: [a], removed: [], changed: [] },
  b: { added: [b], removed: [], changed: [] },
  c: { added: [], removed: [a], changed: [changed] },
  n: { added: [], removed: [], changed: [] },
};

describe('listDiff', () => {
  it(
    'emits added, removed and changed items, at first all as added',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const lists = { a: [a], b: [a, b], c: [changed] };
      const source$ = hot('-a-b--c-|', lists);

      expectObservable(source$.pipe(listDiff())).toBe('-a-b--c-|', diffs);
      expectSubscriptions(source$.subscriptions).toBe('^-------!');
    }),
  );

  it(
    'emits an empty difference for a reordered list',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-b-', { a: [a, b], b: [{ ...b }, { ...a }] });

      expectObservable(source$.pipe(listDiff())).toBe('-a-n-', {
        a: { added: [a, b], removed: [], changed: [] },
        n: diffs.n,
      });
    }),
  );

  it(
    'uses the last of several items with one name',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-b-c-', { a: [b, changed], b: [b, changed], c: [b] });

      expectObservable(source$.pipe(listDiff())).toBe('-a-n-c-', {
        a: { added: [changed], removed: [], changed: [] },
        n: diffs.n,
        c: { added: [], removed: [], changed: [b] },
      });
    }),
  );

  it(
    'handles empty lists',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot<Named[]>('-n-a-n-', { n: [], a: [a] });

      expectObservable(source$.pipe(listDiff())).toBe('-n-a-r-', {
        ...diffs,
        r: { added: [], removed: [a], changed: [] },
      });
    }),
  );

  it(
    'never emits, completes and errors with its source',
    marbles(({ cold, expectObservable }) => {
      expectObservable(NEVER.pipe(listDiff())).toBe('---');
      expectObservable(cold<Named[]>('--|').pipe(listDiff())).toBe('--|');
      expectObservable(cold('-a#', { a: [a] }).pipe(listDiff())).toBe('-a#', diffs);
      expectObservable(cold<Named[]>('#').pipe(listDiff())).toBe('#');
    }),
  );

  it(
    'unsubscribes from its source',
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source$ = hot('-a-b--', { a: [a], b: [a, b] });

      expectObservable(source$.pipe(listDiff()), '--!').toBe('-a', diffs);
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    }),
  );

  it(
    'starts over for each subscriber',
    marbles(({ hot, expectObservable }) => {
      const result$ = hot('-a-b--', { a: [a], b: [a, b] }).pipe(listDiff());

      expectObservable(result$).toBe('-a-b', diffs);
      expectObservable(result$, '--^---').toBe('---b', { b: { added: [a, b], removed: [], changed: [] } });
    }),
  );

  it('errors on a value that is not a list', async () => {
    const source$ = of(undefined as unknown as Named[]);

    await expect(lastValueFrom(source$.pipe(listDiff()))).rejects.toBeInstanceOf(TypeError);
  });

  it('identifies resources by URI and templates by URI template', async () => {
    const one = { uri: 'test://1', name: 'same' };
    const two = { uri: 'test://2', name: 'same' };
    const template = { uriTemplate: 'test://{id}', name: 'same' };
    const renamed = { ...template, name: 'other' };

    expect(await lastValueFrom(of([one], [one, two]).pipe(listDiff(), toArray()))).toEqual([
      { added: [one], removed: [], changed: [] },
      { added: [two], removed: [], changed: [] },
    ]);
    expect(await lastValueFrom(of([template], [renamed]).pipe(listDiff()))).toEqual({
      added: [],
      removed: [],
      changed: [renamed],
    });
  });

  it('treats an item that is too deeply nested as changed', async () => {
    const deep = (): Named => {
      const inner: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
      return Object.assign({ name: 'a' }, { inner });
    };
    const now = deep();

    expect(await lastValueFrom(of([deep(), b], [now, b]).pipe(listDiff()))).toEqual({
      added: [],
      removed: [],
      changed: [now],
    });
  });

  it('preserves the type of the items', () => {
    const typed = (session: MCPSession): void => {
      expectTypeOf(session.tools$.pipe(listDiff())).toEqualTypeOf<Observable<ListDiff<Tool>>>();
      expectTypeOf(session.resources$.pipe(listDiff())).toEqualTypeOf<Observable<ListDiff<Resource>>>();
      expectTypeOf(of([a]).pipe(listDiff())).toEqualTypeOf<Observable<ListDiff<Named>>>();
      // @ts-expect-error -- an item needs an identifying member
      of([{ title: 'a' }]).pipe(listDiff());
    };
    expect(typed).toBeInstanceOf(Function);
  });
});
