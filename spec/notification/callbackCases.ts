import { map, Subject, take } from 'rxjs';
import type { Notification } from '../../lib/protocol/types';
import type { Way } from './bothWays';
import { nextUnhandled } from './nextUnhandled';
import type { OperatorUnderTest } from './operatorUnderTest';
import { record } from '../rig/record';

/** Specs for subscribers that throw, send, subscribe and unsubscribe in their callbacks. */
export function callbackCases<R>({ operator, a, b, x, A, B }: OperatorUnderTest<R>, { over }: Way): void {
  it('completes a subscriber that subscribes after the end', () => {
    const source$ = new Subject<Notification>();
    const stream$ = over(source$).pipe(operator());
    source$.complete();

    expect(record(stream$).seen).toEqual(['complete']);
  });

  it('continues for all subscribers when a callback throws', async () => {
    const source$ = new Subject<Notification>();
    const stream$ = over(source$).pipe(operator());
    const failure = new Error('thrown by a callback');
    const unhandled = nextUnhandled();
    const seen: R[] = [];
    stream$.subscribe((value) => {
      seen.push(value);
      if (seen.length === 1) throw failure;
    });
    const others = record(stream$).seen;

    source$.next(a);
    source$.next(b);

    expect(await unhandled).toBe(failure);
    expect(seen).toEqual([A, B]);
    expect(others).toEqual([A, B]);
  });

  it('errors for the subscriber whose projection throws, and continues for the others', () => {
    const source$ = new Subject<Notification>();
    const stream$ = over(source$).pipe(operator());
    const failure = new Error('thrown by a projection');
    const fail = (): never => {
      throw failure;
    };
    const seen = record(stream$.pipe(map(fail))).seen;
    const others = record(stream$).seen;

    source$.next(a);
    source$.next(b);

    expect(seen).toEqual([failure]);
    expect(others).toEqual([A, B]);
  });

  it('emits a value that a subscriber sends from its callback', () => {
    const source$ = new Subject<Notification>();
    const seen: R[] = [];
    over(source$)
      .pipe(operator())
      .subscribe((value) => {
        seen.push(value);
        if (seen.length === 1) {
          source$.next(x);
          source$.next(b);
        }
      });

    source$.next(a);

    expect(seen).toEqual([A, B]);
  });

  it('starts with the next value when it is subscribed to in a callback', () => {
    const source$ = new Subject<Notification>();
    const stream$ = over(source$);
    const fromRaw: R[] = [];
    const fromOwn: R[] = [];
    stream$.pipe(take(1)).subscribe(() => stream$.pipe(operator()).subscribe((value) => fromRaw.push(value)));
    stream$
      .pipe(operator(), take(1))
      .subscribe(() => stream$.pipe(operator()).subscribe((value) => fromOwn.push(value)));

    source$.next(a);
    expect([fromRaw, fromOwn]).toEqual([[], []]);

    source$.next(b);
    source$.next(a);
    expect([fromRaw, fromOwn]).toEqual([
      [B, A],
      [B, A],
    ]);
  });

  it('can be used on several streams', () => {
    const operatorOnce = operator();
    const sources = [new Subject<Notification>(), new Subject<Notification>()];
    const seen: [number, R][] = [];
    sources.forEach((source$, index) => {
      over(source$)
        .pipe(operatorOnce)
        .subscribe((value) => seen.push([index, value]));
    });

    sources[0]?.next(a);
    sources[1]?.next(b);
    sources[0]?.next(b);

    expect(seen).toEqual([
      [0, A],
      [1, B],
      [0, B],
    ]);
  });
}
