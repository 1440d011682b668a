import type { StandardSchemaV1 } from '@standard-schema/spec';
import { map, Subject } from 'rxjs';
import { z } from 'zod';
import { InvalidNotificationError } from '../../lib/errors';
import { createHub } from '../../lib/notification/hub';
import { ofMethod } from '../../lib/notification/ofMethod';
import type { Notification } from '../../lib/protocol/types';
import { record } from '../rig/record';
import { schemaByHand } from './schemaByHand';

const heartbeat = (count: unknown) => ({ method: 'custom/heartbeat', params: { count } });
const other = { method: 'custom/other', params: { count: 1 } };

const byZod = z.object({ count: z.number() });
const byHand = schemaByHand<never>(() => ({ issues: [{ message: 'no number', path: [{ key: 'count' }] }] }));
const transforming = z
  .object({ count: z.coerce.number() })
  .transform(({ count }) => ({ count, even: count % 2 === 0 }));
const failure = new Error('thrown by a schema');
const throwing = schemaByHand<never>(() => {
  throw failure;
});
const asynchronous = schemaByHand((value) => Promise.resolve({ value }));
const rejecting = schemaByHand<never>(() => Promise.reject(failure));
const asynchronousZod = z.object({ count: z.number().refine(() => Promise.resolve(true)) });
const thenable = schemaByHand(
  (value) => ({ then: () => value }) as unknown as Promise<StandardSchemaV1.Result<unknown>>,
);
const broken = schemaByHand(() => null as unknown as StandardSchemaV1.Result<unknown>);

describe('ofMethod with a schema', () => {
  describe.each<[string, StandardSchemaV1, unknown, Partial<InvalidNotificationError>]>([
    [
      'of zod',
      byZod,
      heartbeat('many'),
      {
        message: 'custom/heartbeat: Invalid input: expected number, received string at params.count',
        issues: [expect.objectContaining({ path: ['count'] })],
      },
    ],
    ['written by hand', byHand, heartbeat('many'), { message: 'custom/heartbeat: no number at params.count' }],
    ['that transforms', transforming, heartbeat('many'), { issues: [expect.objectContaining({ path: ['count'] })] }],
    [
      'that throws',
      throwing,
      heartbeat(1),
      { message: expect.stringContaining('the schema threw (thrown by a schema)'), cause: failure },
    ],
    ['that is asynchronous', asynchronous, heartbeat(1), { message: expect.stringContaining('asynchronous') }],
    ['that rejects', rejecting, heartbeat(1), { message: expect.stringContaining('asynchronous') }],
    [
      'of zod that is asynchronous',
      asynchronousZod,
      heartbeat(1),
      { message: expect.stringContaining('asynchronous') },
    ],
    ['that returns a thenable', thenable, heartbeat(1), { message: expect.stringContaining('asynchronous') }],
    ['that returns an invalid result', broken, heartbeat(1), { message: expect.stringContaining('the schema threw') }],
  ])('%s, with invalid params', (_, schema, bad, expected) => {
    const notification = bad as Notification;
    const error = (seen: unknown): void => {
      expect(seen).toBeInstanceOf(InvalidNotificationError);
      expect(seen).toMatchObject({ name: 'InvalidNotificationError', retryable: false, ...expected });
      expect((seen as InvalidNotificationError).notification).toBe(notification);
      expect((seen as InvalidNotificationError).issues).toHaveLength(1);
    };

    it('reports on errors$ of a session and continues; other subscribers receive the raw notification', () => {
      const hub = createHub();
      const seen = record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema))).seen;
      const fine = record(
        hub.notifications$.pipe(
          ofMethod(
            'custom/heartbeat',
            schemaByHand(() => ({ value: 'fine' })),
          ),
        ),
      ).seen;
      const untyped = record(hub.notifications$.pipe(ofMethod('custom/heartbeat'))).seen;
      const raw = record(hub.notifications$).seen;
      const errors = record(hub.errors$).seen;

      hub.push(notification);
      hub.complete();

      expect(seen).toEqual(['complete']);
      expect(fine).toEqual([{ method: 'custom/heartbeat', params: 'fine' }, 'complete']);
      expect(untyped).toEqual([notification, 'complete']);
      expect(raw).toEqual([notification, 'complete']);
      expect(errors).toEqual([expect.anything(), 'complete']);
      error(errors[0]);
    });

    it('ignores onInvalid on a session', () => {
      const hub = createHub();
      const seen = record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema, { onInvalid: 'error' }))).seen;
      const errors = record(hub.errors$).seen;

      hub.push(notification);

      expect(seen).toEqual([]);
      expect(errors).toHaveLength(1);
    });

    it.each([undefined, {}, { onInvalid: 'error' as const }])('errors on any other stream, with %j', (options) => {
      const source$ = new Subject<Notification>();
      const seen = record(source$.pipe(ofMethod('custom/heartbeat', schema, options))).seen;

      source$.next(other);
      source$.next(notification);
      source$.next(notification);

      expect(seen).toHaveLength(1);
      error(seen[0]);
      expect(source$.observed).toBe(false);
    });

    it("drops the notification on any other stream with onInvalid: 'drop'", () => {
      const source$ = new Subject<Notification>();
      const seen = record(source$.pipe(ofMethod('custom/heartbeat', schema, { onInvalid: 'drop' }))).seen;

      source$.next(notification);
      source$.complete();

      expect(seen).toEqual(['complete']);
    });
  });

  it('errors on any other stream for params that violate the protocol', () => {
    const source$ = new Subject<Notification>();
    const seen = record(source$.pipe(ofMethod('notifications/message', z.object({ level: z.string() })))).seen;

    source$.next({ method: 'notifications/message', params: { level: 'loud' } });

    expect(seen).toEqual([expect.any(InvalidNotificationError)]);
    expect(seen).toMatchObject([
      {
        issues: [
          {
            message: 'expected one of debug, info, notice, warning, error, critical, alert, emergency',
            path: ['level'],
          },
        ],
      },
    ]);
  });

  it('reports on a session although another stream has rejected the same notification', () => {
    const hub = createHub();
    const foreign$ = hub.notifications$.pipe(map((notification) => notification));
    const dropped = record(foreign$.pipe(ofMethod('custom/heartbeat', byZod, { onInvalid: 'drop' }))).seen;
    const seen = record(hub.notifications$.pipe(ofMethod('custom/heartbeat', byZod))).seen;
    const errors = record(hub.errors$).seen;

    hub.push(heartbeat('many'));

    expect([dropped, seen]).toEqual([[], []]);
    expect(errors).toEqual([expect.any(InvalidNotificationError)]);
  });
});
