import { map, merge, type Observable } from 'rxjs';
import { z } from 'zod';
import { createHub, type Demand, type Hub } from '../../lib/notification/hub';
import { listChanged } from '../../lib/notification/listChanged';
import { logMessage } from '../../lib/notification/logMessage';
import { ofMethod } from '../../lib/notification/ofMethod';
import { progressOf } from '../../lib/notification/progressOf';
import { resourceUpdated } from '../../lib/notification/resourceUpdated';
import { record } from '../rig/record';

const read = (demand: Demand) => ({
  all: demand.all(),
  methods: demand.methods().sort(),
  uris: demand.uris().sort(),
  levels: demand.levels().sort(),
});
const none = { all: false, methods: [], uris: [], levels: [] };
const demandOf = (hub: Hub): unknown[] => record(hub.demand$.pipe(map(read))).seen;

describe('the demand of a hub', () => {
  it.each<[string, (hub: Hub) => Observable<unknown>, Partial<ReturnType<typeof read>>]>([
    ['everything', ({ notifications$ }) => notifications$, { all: true }],
    ['everything, for a user-supplied filter', ({ notifications$ }) => notifications$.pipe(map(String)), { all: true }],
    ['a method', ({ notifications$ }) => notifications$.pipe(ofMethod('custom/one')), { methods: ['custom/one'] }],
    [
      'a method with a schema',
      ({ notifications$ }) => notifications$.pipe(ofMethod('custom/one', z.unknown())),
      { methods: ['custom/one'] },
    ],
    [
      'a list',
      ({ notifications$ }) => notifications$.pipe(listChanged('tools')),
      { methods: ['notifications/tools/list_changed'] },
    ],
    ['a resource', ({ notifications$ }) => notifications$.pipe(resourceUpdated('file:///a')), { uris: ['file:///a'] }],
    [
      'every resource',
      ({ notifications$ }) => notifications$.pipe(resourceUpdated()),
      { methods: ['notifications/resources/updated'] },
    ],
    [
      'log messages',
      ({ notifications$ }) => notifications$.pipe(logMessage('warning')),
      { methods: ['notifications/message'], levels: ['warning'] },
    ],
    ['progress', ({ notifications$ }) => notifications$.pipe(progressOf('token')), {}],
  ])('contains %s while there is a subscriber', (_, open, expected) => {
    const hub = createHub();
    const demand = demandOf(hub);
    expect(demand).toEqual([none]);

    const subscription = open(hub).subscribe();
    expect(demand.at(-1)).toEqual({ ...none, ...expected });
    expect(demandOf(hub)).toEqual([{ ...none, ...expected }]);

    subscription.unsubscribe();
    expect(demand.at(-1)).toEqual(none);
    expect(demandOf(hub)).toEqual([none]);
  });

  it.each<[string, (hub: Hub) => Observable<unknown>]>([
    ['everything', ({ notifications$ }) => notifications$],
    ['a method', ({ notifications$ }) => notifications$.pipe(ofMethod('custom/one'))],
    ['a resource', ({ notifications$ }) => notifications$.pipe(resourceUpdated('file:///a'))],
  ])('is emitted for the first and the last subscriber of %s', (_, open) => {
    const hub = createHub();
    const demand = demandOf(hub);

    const first = open(hub).subscribe();
    const second = open(hub).subscribe();
    first.unsubscribe();
    expect(demand).toHaveLength(2);

    second.unsubscribe();
    expect(demand).toHaveLength(3);
    expect(demand.at(-1)).toEqual(none);
  });

  it('contains the routes of all subscribers', () => {
    const hub = createHub();
    const { notifications$ } = hub;
    const received = [
      notifications$.pipe(ofMethod('custom/two', 'custom/one')),
      notifications$.pipe(ofMethod('custom/one')),
      notifications$.pipe(resourceUpdated('file:///b')),
      notifications$.pipe(resourceUpdated('file:///a')),
      notifications$.pipe(logMessage()),
      notifications$.pipe(logMessage('error')),
      notifications$,
    ];
    merge(...received).subscribe();

    expect(demandOf(hub)).toEqual([
      {
        all: true,
        methods: ['custom/one', 'custom/two', 'notifications/message'],
        uris: ['file:///a', 'file:///b'],
        levels: ['debug', 'error'],
      },
    ]);
  });

  it('does not contain former subscribers', () => {
    const hub = createHub();
    const staying = hub.ofMethod('custom/staying').subscribe();
    for (let n = 0; n < 1_000; n++) hub.ofMethod(`custom/${n}`).subscribe().unsubscribe();

    expect(demandOf(hub)).toEqual([{ ...none, methods: ['custom/staying'] }]);

    staying.unsubscribe();
    expect(demandOf(hub)).toEqual([none]);
  });

  it('completes with the hub', () => {
    const hub = createHub();
    hub.ofMethod('custom/one').subscribe();
    const demand = demandOf(hub);

    hub.complete();

    expect(demand).toEqual([{ ...none, methods: ['custom/one'] }, 'complete']);
    expect(demandOf(hub).at(-1)).toBe('complete');
  });
});
