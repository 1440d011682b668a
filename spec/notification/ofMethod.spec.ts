import { Subject } from 'rxjs';
import { ofMethod } from '../../lib/notification/ofMethod';
import type { Notification } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { marbles } from './marbles';
import { operatorCases } from './operatorCases';
import { record } from '../rig/record';

const one = { method: 'custom/one' as const, params: { n: 1 } };
const two = { method: 'custom/two' as const };
const three = { method: 'custom/three' as const, params: {} };

describe('ofMethod', () => {
  describe('of one method', () => {
    const again = { method: 'custom/one' as const };
    operatorCases({ operator: () => ofMethod('custom/one'), a: one, b: again, x: two, A: one, B: again });
  });

  describe('of several methods', () => {
    operatorCases({
      operator: () => ofMethod('custom/one', 'notifications/tools/list_changed', 'custom/two', 'custom/four'),
      a: two,
      b: one,
      x: three,
      A: two,
      B: one,
    });
  });

  describe('of the same method twice', () => {
    operatorCases({
      operator: () => ofMethod('custom/one', 'custom/two', 'custom/one', 'custom/one'),
      a: one,
      b: two,
      x: three,
      A: one,
      B: two,
    });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it('emits the notification object unchanged', () => {
      const source$ = new Subject<Notification>();
      const seen = record(over(source$).pipe(ofMethod('custom/one'))).seen;

      source$.next(one);

      expect(seen[0]).toBe(one);
    });

    it('compares methods character by character', () => {
      const source$ = new Subject<Notification>();
      const stream$ = over(source$);
      const methods = ['custom/one', 'custom/One', 'custom/one/', 'custom', '', '__proto__', 'constructor', 'toString'];
      const seen: [string, string][] = [];
      for (const name of methods) stream$.pipe(ofMethod(name)).subscribe(({ method }) => seen.push([name, method]));

      for (const method of methods) source$.next({ method });

      expect(seen).toEqual(methods.map((method) => [method, method]));
    });

    it('accepts any number of methods', () => {
      const source$ = new Subject<Notification>();
      const methods = Array.from({ length: 100 }, (_, index) => `custom/${index}`);
      const seen = record(over(source$).pipe(ofMethod(...methods))).seen;

      for (const method of methods) source$.next({ method });
      source$.next({ method: 'custom/100' });

      expect(seen).toEqual(methods.map((method) => ({ method })));
    });

    it(
      'emits nothing for an empty array, and completes with its source',
      marbles(({ hot, expectObservable }) => {
        const methods: string[] = [];
        const source$ = hot('-a-b-|', { a: one, b: two });
        const expected = '   -----|';

        expectObservable(over(source$).pipe(ofMethod(...methods))).toBe(expected);
      }),
    );

    it.each<Notification>([
      { method: 'notifications/progress', params: { progressToken: {}, progress: 1 } },
      { method: 'notifications/message', params: { level: 'loud', data: 'text' } },
      { method: 'notifications/resources/updated' },
    ])('drops a notification with invalid params: %j', (notification) => {
      const source$ = new Subject<Notification>();
      const stream$ = over(source$);
      const narrowed = record(stream$.pipe(ofMethod(notification.method))).seen;
      const raw = record(stream$).seen;

      source$.next(notification);
      source$.complete();

      expect(narrowed).toEqual(['complete']);
      expect(raw).toEqual([notification, 'complete']);
    });
  });
});
