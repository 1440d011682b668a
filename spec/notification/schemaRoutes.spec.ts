import type { StandardSchemaV1 } from '@standard-schema/spec';
import { Subject, type Subscription } from 'rxjs';
import { createHub } from '../../lib/notification/hub';
import { ofMethod } from '../../lib/notification/ofMethod';
import { createSchemaRoutes } from '../../lib/notification/schemaRoutes';
import type { Notification } from '../../lib/protocol/types';
import { collectGarbage } from './collectGarbage';
import { record } from '../rig/record';
import { schemaByHand } from './schemaByHand';

const heartbeat = (count: unknown): Notification => ({ method: 'custom/heartbeat', params: { count } });

/** Creates a schema that counts its validations. */
function counting(): { schema: StandardSchemaV1<unknown, number>; calls: () => number } {
  let calls = 0;
  const schema = schemaByHand<number>((value) => {
    calls++;
    const { count } = value as { count: unknown };
    return typeof count === 'number' ? { value: count } : { issues: [{ message: 'no number', path: ['count'] }] };
  });
  return { schema, calls: () => calls };
}

describe('subscribers with the same schema', () => {
  it('share one parse and one report per notification', () => {
    const hub = createHub();
    const { schema, calls } = counting();
    const seen = Array.from(
      { length: 10 },
      () => record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema))).seen,
    );
    const errors = record(hub.errors$).seen;

    hub.push(heartbeat(1));
    expect(calls()).toBe(1);

    hub.push(heartbeat('many'));
    expect(calls()).toBe(2);
    expect(errors).toHaveLength(1);

    hub.push(heartbeat(2));
    expect(calls()).toBe(3);
    expect(errors).toHaveLength(1);
    for (const values of seen) expect(values).toEqual([1, 2].map((params) => ({ method: 'custom/heartbeat', params })));
  });

  it('parse the same object again when it is sent again', () => {
    const hub = createHub();
    const { schema, calls } = counting();
    const errors = record(hub.errors$).seen;
    record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema)));
    record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema)));
    const bad = heartbeat('many');

    hub.push(bad);
    hub.push(bad);

    expect(calls()).toBe(2);
    expect(errors).toHaveLength(2);
  });

  it('do not cause repeated or unused parses when they subscribe and unsubscribe', () => {
    const hub = createHub();
    const { schema, calls } = counting();
    const stream$ = hub.notifications$.pipe(ofMethod('custom/heartbeat', schema));
    hub.push(heartbeat(1));
    expect(calls()).toBe(0);

    const first = stream$.subscribe();
    const second = stream$.subscribe();
    first.unsubscribe();
    hub.push(heartbeat(2));
    expect(calls()).toBe(1);

    second.unsubscribe();
    hub.push(heartbeat(3));
    expect(calls()).toBe(1);

    const seen = record(stream$).seen;
    hub.push(heartbeat(4));
    expect(calls()).toBe(2);
    expect(seen).toEqual([{ method: 'custom/heartbeat', params: 4 }]);
  });

  it('do not receive earlier notifications', () => {
    const hub = createHub();
    const { schema, calls } = counting();
    const errors = record(hub.errors$).seen;
    let late: Subscription | undefined;
    hub.notifications$.subscribe(() => {
      late ??= hub.notifications$.pipe(ofMethod('custom/heartbeat', schema)).subscribe();
    });

    hub.push(heartbeat('many'));
    expect([calls(), errors]).toEqual([0, []]);

    hub.push(heartbeat('more'));
    expect([calls(), errors.length]).toEqual([1, 1]);
  });

  it('may unsubscribe and subscribe during an emission', () => {
    const hub = createHub();
    const { schema, calls } = counting();
    const stream$ = hub.notifications$.pipe(ofMethod('custom/heartbeat', schema));
    const seen: [string, number][] = [];
    const first = stream$.subscribe(({ params }) => {
      seen.push(['first', params]);
      first.unsubscribe();
      stream$.subscribe((next) => seen.push(['second', next.params]));
    });

    hub.push(heartbeat(1));
    hub.push(heartbeat(2));

    expect(seen).toEqual([
      ['first', 1],
      ['second', 2],
    ]);
    expect(calls()).toBe(2);
  });

  it('share nothing between methods or sessions', () => {
    const hubs = [createHub(), createHub()];
    const { schema, calls } = counting();
    const seen = hubs.map((hub) => record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema))).seen);
    const others = hubs.map((hub) => record(hub.notifications$.pipe(ofMethod('custom/other', schema))).seen);
    const errors = hubs.map((hub) => record(hub.errors$).seen);
    const bad = heartbeat('many');

    for (const hub of hubs) hub.push(bad);
    hubs[1]?.push({ method: 'custom/other', params: { count: 1 } });

    expect(calls()).toBe(3);
    expect(errors.map(({ length }) => length)).toEqual([1, 1]);
    expect(seen).toEqual([[], []]);
    expect(others).toEqual([[], [{ method: 'custom/other', params: 1 }]]);
  });

  it('do not share with subscribers of another schema', () => {
    const hub = createHub();
    const schemas = [counting(), counting()];
    const errors = record(hub.errors$).seen;
    for (const { schema } of schemas) record(hub.notifications$.pipe(ofMethod('custom/heartbeat', schema)));

    hub.push(heartbeat('many'));

    expect(schemas.map(({ calls }) => calls())).toEqual([1, 1]);
    expect(errors).toHaveLength(2);
  });

  it('release their route although the schema is kept', async () => {
    const { schema } = counting();
    const opened: WeakRef<object>[] = [];
    const routes = createSchemaRoutes(
      {
        at: () => {
          const route$ = new Subject<Notification>();
          opened.push(new WeakRef(route$));
          return route$;
        },
      },
      () => {},
    );
    for (let n = 0; n < 1_000; n++) routes.at(`custom/${n}`, schema).subscribe().unsubscribe();
    const staying = routes.at('custom/staying', schema).subscribe();

    await collectGarbage();

    expect(opened).toHaveLength(1_001);
    // One route still exists, and the latest ones may be referenced by the stack for a while.
    expect(opened.filter((route) => route.deref() !== undefined).length).toBeLessThan(5);
    staying.unsubscribe();
    expect(record(routes.at('custom/staying', schema)).seen).toEqual([]);
  });
});
