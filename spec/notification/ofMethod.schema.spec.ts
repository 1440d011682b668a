import { Subject } from 'rxjs';
import { z } from 'zod';
import { ofMethod } from '../../lib/notification/ofMethod';
import type { Notification } from '../../lib/protocol/types';
import { bothWays } from './bothWays';
import { operatorCases } from './operatorCases';
import { record } from '../rig/record';
import { schemaByHand } from './schemaByHand';

const heartbeat = <T>(count: T) => ({ method: 'custom/heartbeat' as const, params: { count } });
const other = { method: 'custom/other' as const, params: { count: 1 } };

const byZod = z.object({ count: z.number() });
const byHand = schemaByHand<{ count: number }>((value) => {
  const { count } = value as { count: unknown };
  return typeof count === 'number'
    ? { value: { count } }
    : { issues: [{ message: 'no number', path: [{ key: 'count' }] }] };
});
/** A function that is a schema, as in some libraries. */
const callable = Object.assign(() => true, { '~standard': byHand['~standard'] });
const transforming = z
  .object({ count: z.coerce.number() })
  .transform(({ count }) => ({ count, even: count % 2 === 0 }));

describe('ofMethod with a schema', () => {
  describe.each([
    ['of zod', byZod],
    ['written by hand', byHand],
    ['that is a function', callable],
  ])('%s', (_, schema) => {
    describe('emits notifications with the method, and', () => {
      operatorCases({
        operator: () => ofMethod('custom/heartbeat', schema),
        a: heartbeat(1),
        b: heartbeat(2),
        x: other,
        A: heartbeat(1),
        B: heartbeat(2),
      });
    });

    describe('emits matching notifications, and', () => {
      operatorCases({
        operator: () => ofMethod('custom/heartbeat', schema, { onInvalid: 'drop' }),
        a: heartbeat(1),
        b: heartbeat(2),
        x: heartbeat('many'),
        A: heartbeat(1),
        B: heartbeat(2),
      });
    });
  });

  describe('that transforms', () => {
    operatorCases({
      operator: () => ofMethod('custom/heartbeat', transforming, { onInvalid: 'drop' }),
      a: heartbeat('1'),
      b: heartbeat(2),
      x: heartbeat('many'),
      A: { method: 'custom/heartbeat', params: { count: 1, even: false } },
      B: { method: 'custom/heartbeat', params: { count: 2, even: true } },
    });
  });

  describe.each(bothWays)('on $way', ({ over }) => {
    it('passes missing params as undefined', () => {
      const source$ = new Subject<Notification>();
      const given: unknown[] = [];
      const schema = schemaByHand((value) => {
        given.push(value);
        return { value: 'nothing' };
      });
      const seen = record(over(source$).pipe(ofMethod('custom/heartbeat', schema))).seen;

      source$.next({ method: 'custom/heartbeat' });

      expect(given).toEqual([undefined]);
      expect(seen).toEqual([{ method: 'custom/heartbeat', params: 'nothing' }]);
    });

    it('validates against the protocol before the schema', () => {
      const source$ = new Subject<Notification>();
      const schema = z.object({ level: z.string(), data: z.unknown() });
      const stream$ = over(source$).pipe(ofMethod('notifications/message', schema, { onInvalid: 'drop' }));
      const seen = record(stream$).seen;

      source$.next({ method: 'notifications/message', params: { level: 'loud', data: 1 } });
      source$.next({ method: 'notifications/message', params: { level: 'info', data: 2 } });

      expect(seen).toEqual([{ method: 'notifications/message', params: { level: 'info', data: 2 } }]);
    });

    it('parses a mutated notification again', () => {
      const source$ = new Subject<Notification>();
      const reused = { method: 'custom/heartbeat', params: { count: 1 } };
      const seen = record(over(source$).pipe(ofMethod('custom/heartbeat', byZod))).seen;

      source$.next(reused);
      reused.params.count = 2;
      source$.next(reused);

      expect(seen).toEqual([heartbeat(1), heartbeat(2)]);
    });
  });
});
