import { Subject, map } from 'rxjs';
import { z } from 'zod';
import { InvalidNotificationError } from '../../lib/errors';
import { validation } from '../../lib/notification/params';
import type { Notification } from '../../lib/protocol/types';
import { marbles } from './marbles';
import { record } from '../rig/record';
import { schemaByHand } from './schemaByHand';

const schema = z.object({ n: z.number() });
const values = {
  a: { method: 'custom/one', params: { n: 1, more: true } },
  b: { method: 'custom/two', params: { n: 2 } },
  x: { method: 'custom/one', params: { n: 'one' } },
};
const results = {
  A: { method: 'custom/one', params: { n: 1 } },
  B: { method: 'custom/two', params: { n: 2 } },
};

describe('validation', () => {
  it(
    'emits parsed notifications, and passes errors to onInvalid',
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('-a-x-b-x-a-|', values);
      const expected = '   -A---B---A-|';
      const invalid = '    ---x---x----';
      const invalid$ = new Subject<unknown>();

      expectObservable(invalid$.pipe(map(() => 'x'))).toBe(invalid);
      expectObservable(source$.pipe(validation(schema, (error) => invalid$.next(error)))).toBe(expected, results);
    }),
  );

  it('errors when onInvalid throws, and unsubscribes from its source', () => {
    const source$ = new Subject<Notification>();
    const seen = record(
      source$.pipe(
        validation(schema, (error) => {
          throw error;
        }),
      ),
    ).seen;

    source$.next(values.a);
    source$.next(values.x);

    expect(seen).toEqual([results.A, expect.any(InvalidNotificationError)]);
    expect(source$.observed).toBe(false);
  });

  it('does not mutate the notification', () => {
    const source$ = new Subject<Notification>();
    const notification = { method: 'custom/one', params: { n: '1' } };
    const coercing = z.object({ n: z.coerce.number() });
    const seen = record(source$.pipe(validation(coercing, () => {}))).seen;

    source$.next(notification);

    expect(seen).toEqual([results.A]);
    expect(notification).toEqual({ method: 'custom/one', params: { n: '1' } });
  });

  it('emits any output of the schema, including undefined', () => {
    const source$ = new Subject<Notification>();
    const made: unknown[] = [undefined, null, false, 0, 'text', ['a']];
    const rest = [...made];
    const seen = record(
      source$.pipe(
        validation(
          schemaByHand(() => ({ value: rest.shift() })),
          () => {},
        ),
      ),
    ).seen;

    for (const _ of made) source$.next(values.a);

    expect(seen).toEqual(made.map((params) => ({ method: 'custom/one', params })));
  });

  it('handles the rejection of an asynchronous schema', async () => {
    const source$ = new Subject<Notification>();
    const errors: InvalidNotificationError[] = [];
    const rejected = Promise.reject(new Error('too late'));
    source$
      .pipe(
        validation(
          schemaByHand(() => rejected),
          (error) => errors.push(error),
        ),
      )
      .subscribe();

    source$.next(values.a);
    // Jest fails a spec with an unhandled rejection, which Node reports after the microtasks.
    await new Promise((resolve) => setImmediate(resolve));

    expect(errors).toHaveLength(1);
  });
});
