import { map } from 'rxjs';
import { z } from 'zod';
import { HandlerError } from '../../lib/errors';
import { createHub, type Hub, hubs, type IncomingMessage } from '../../lib/notification/hub';
import type { Notification } from '../../lib/protocol/types';
import { nextUnhandled } from './nextUnhandled';
import { record } from '../rig/record';

const progress = (progressToken: unknown, done: unknown = 1): Notification => ({
  method: 'notifications/progress',
  params: { progressToken, progress: done },
});
const updated = (uri: unknown): Notification => ({ method: 'notifications/resources/updated', params: { uri } });
const custom = (n: number): Notification => ({ method: 'custom/one', params: { n } });
const schema = z.object({ n: z.number() });

/** One stream of each kind that a hub has. */
const streams: Record<string, (hub: Hub) => unknown[]> = {
  everything: (hub) => record(hub.notifications$).seen,
  'a method': (hub) => record(hub.ofMethod('custom/one')).seen,
  'a method and a schema': (hub) => record(hub.ofSchema('custom/one', schema)).seen,
  'a token': (hub) => record(hub.ofToken('t')).seen,
  'a URI': (hub) => record(hub.ofUri('file:///a')).seen,
  'a level': (hub) => record(hub.ofLevel('info')).seen,
  messages$: (hub) => record(hub.messages$).seen,
  errors$: (hub) => record(hub.errors$).seen,
  gaps$: (hub) => record(hub.gaps$).seen,
};

describe('a hub', () => {
  it('emits each notification on every route before the next one', () => {
    const hub = createHub();
    const sent = [custom(1), progress('t', 1), updated('file:///a'), progress('u'), custom(2), progress('t', 2)];
    const received = sent.map((): string[] => []);
    const turns: number[] = [];
    const write = (route: string) => (value: Notification | Notification['params']) => {
      const turn = sent.findIndex((notification) => notification === value || notification.params === value);
      turns.push(turn);
      received[turn]?.push(route);
    };
    hub.ofToken('t').subscribe(write('token'));
    hub.ofUri('file:///a').subscribe(write('URI'));
    hub.ofMethod('custom/one').subscribe(write('custom'));
    hub.ofMethod('notifications/progress').subscribe(write('progress'));
    hub.notifications$.subscribe(write('everything'));

    for (const notification of sent) hub.push(notification);

    expect(turns).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5]);
    expect(received.map((routes) => routes.sort())).toEqual([
      ['custom', 'everything'],
      ['everything', 'progress', 'token'],
      ['URI', 'everything'],
      ['everything', 'progress'],
      ['custom', 'everything'],
      ['everything', 'progress', 'token'],
    ]);
  });

  it('is registered for its own stream only', () => {
    const hub = createHub();

    expect(hubs.get(hub.notifications$)).toBe(hub);
    expect(hubs.get(hub.notifications$.pipe(map((notification) => notification)))).toBeUndefined();
    expect(hubs.get(createHub().notifications$)).not.toBe(hub);
  });

  describe.each(Object.keys(streams))('on its stream of %s', (name) => {
    const listen = streams[name]!;

    it('completes early and late subscribers', () => {
      const hub = createHub();
      const early = listen(hub);
      expect(early).toEqual([]);

      hub.complete();

      expect(early).toEqual(['complete']);
      expect(listen(hub)).toEqual(['complete']);
    });

    it('ignores pushes after completion', () => {
      const hub = createHub();
      const early = listen(hub);
      hub.complete();
      hub.complete();

      hub.push(custom(1));
      hub.push(progress('t'));
      hub.push(updated('file:///a'));
      hub.push(progress({}));
      hub.report(new HandlerError('late'));

      expect(early).toEqual(['complete']);
    });
  });

  describe('when a subscriber throws', () => {
    const failure = new Error('thrown by a subscriber');
    const fail = (): never => {
      throw failure;
    };

    it.each<[string, (hub: Hub) => void]>([
      ['everything', (hub) => hub.notifications$.subscribe(fail)],
      ['a method', (hub) => hub.ofMethod('notifications/progress').subscribe(fail)],
      ['a token', (hub) => hub.ofToken('t').subscribe(fail)],
      ['a method and a schema', (hub) => hub.ofSchema('notifications/progress', z.unknown()).subscribe(fail)],
    ])('does not throw, and emits to the other subscribers of %s', async (_, subscribe) => {
      const hub = createHub();
      const unhandled = nextUnhandled();
      const before = record(hub.notifications$).seen;
      const beforeRouted = record(hub.ofToken('t')).seen;
      subscribe(hub);
      const after = record(hub.notifications$).seen;
      const afterRouted = record(hub.ofToken('t')).seen;
      const errors = record(hub.errors$).seen;

      hub.push(progress('t'));

      expect([before, beforeRouted, after, afterRouted]).toEqual([
        [progress('t')],
        [progress('t').params],
        [progress('t')],
        [progress('t').params],
      ]);
      expect(errors).toEqual([]);
      expect(await unhandled).toBe(failure);
    });

    it('emits to the other subscribers of errors$', async () => {
      const hub = createHub();
      const unhandled = nextUnhandled();
      hub.errors$.subscribe(fail);
      const errors = record(hub.errors$).seen;
      const error = new HandlerError('reported');

      hub.report(error);

      expect(errors).toEqual([error]);
      expect(await unhandled).toBe(failure);
    });
  });

  it('emits faults on errors$ and messages$', () => {
    const hub = createHub();
    const errors = record(hub.errors$).seen;
    const before = Date.now();
    const messages: IncomingMessage[] = [];
    hub.messages$.subscribe((incoming) => messages.push(incoming));
    const error = new HandlerError('reported');

    hub.report(error);

    expect(errors).toEqual([error]);
    expect(messages).toEqual([{ at: expect.any(Number), kind: 'error', error }]);
    expect(messages[0]?.at).toBeGreaterThanOrEqual(before);
    expect(messages[0]?.at).toBeLessThanOrEqual(Date.now());
  });

  it('removes a subscriber that unsubscribes in its callback', () => {
    const hub = createHub();
    const seen: unknown[] = [];
    const subscription = hub.ofMethod('custom/one').subscribe((notification) => {
      seen.push(notification);
      subscription.unsubscribe();
    });

    hub.push(custom(1));
    hub.push(custom(2));

    expect(seen).toEqual([custom(1)]);
  });

  it('stops emitting when a subscriber completes it', () => {
    const hub = createHub();
    hub.notifications$.subscribe(() => hub.complete());
    const routed = record(hub.ofMethod('custom/one')).seen;

    hub.push(custom(1));

    expect(routed).toEqual(['complete']);
  });

  it('skips the current push for new subscribers, also with nested pushes', () => {
    const hub = createHub();
    const seen: unknown[] = [];
    hub.notifications$.subscribe(({ params }) => {
      if (params?.['n'] !== 1) return;
      hub.ofMethod('custom/one').subscribe((notification) => seen.push(notification.params?.['n']));
      hub.push(custom(2));
    });

    hub.push(custom(1));
    hub.push(custom(3));

    expect(seen).toEqual([2, 3]);
  });
});
