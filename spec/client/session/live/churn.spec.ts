import { listChanged, logMessage, type MCPSession, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
import { firstValueFrom, NEVER, Subject, throwError, VirtualTimeScheduler, type Observable } from 'rxjs';
import type { Gap } from '../../../../lib/notification/hub';
import type { Notification } from '../../../../lib/protocol/types';
import { liveList$ } from '../../../../lib/client/session/live/liveLists';
import { createWatchResource } from '../../../../lib/client/session/live/liveResource';
import { OpenCalls } from '../../../../lib/client/session/openCalls';
import { createResourceSubscriptions } from '../../../../lib/client/session/live/resourceSubscriptions';
import { type FaultServer, startFaultServer } from '../../../rig/startFaultServer';
import { idle } from '../../../rig/idle';
import { openSession } from '../../../rig/openSession';
import { record } from '../../../rig/record';

const uri = 'fault://a';

describe('ten thousand subscriptions of a live view', () => {
  let server: FaultServer;
  let session: MCPSession;
  let views$: Observable<unknown>[];

  beforeEach(async () => {
    server = await startFaultServer({ resources: [uri] });
    ({ session } = openSession(server.url));
    await session.connect();
    views$ = [session.tools$, session.prompts$, session.resources$, session.resourceTemplates$, session.resource$(uri)];
  });
  afterEach(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('send nothing when they are unsubscribed in the same tick', async () => {
    const errors = record(session.errors$);
    const { notifications$, messages$, requests$, status$, connections$ } = session;
    const hot$ = [
      notifications$,
      messages$,
      requests$,
      status$,
      connections$,
      notifications$.pipe(ofMethod('custom/heartbeat')),
      notifications$.pipe(progressOf('mine')),
      notifications$.pipe(listChanged('tools')),
      notifications$.pipe(resourceUpdated(uri)),
      notifications$.pipe(logMessage('warning')),
    ];

    const all$: Observable<unknown>[] = [...views$, ...hot$];
    for (let n = 0; n < 10_000; n += all$.length) for (const view$ of all$) view$.subscribe().unsubscribe();
    await idle();
    await session.ping();

    const { messages, subscriptions } = await server.counts();
    expect(messages).toEqual({ initialize: 1, 'notifications/initialized': 1, ping: 1 });
    expect(subscriptions).toEqual({});
    expect(errors.values).toEqual([]);
  });

  it('send nothing more with a permanent subscriber', async () => {
    const stay = views$.map((view$) => record(view$));
    await Promise.all(stay.map((view) => view.nth(1)));
    const before = (await server.counts()).messages;

    for (let n = 0; n < 10_000; n += views$.length) for (const view$ of views$) view$.subscribe().unsubscribe();
    await idle();

    expect((await server.counts()).messages).toEqual(before);
    expect((await server.counts()).subscriptions).toEqual({ [uri]: 1 });
    for (const view of stay) expect(view.values).toHaveLength(1);
    for (const view of stay) view.stop();
    await server.waitFor({ type: 'unsubscribed', uri });
  });

  it('leave no subscription on the server after one read each', async () => {
    const rounds = 30;

    for (let nth = 1; nth <= rounds; nth++) {
      await firstValueFrom(session.resource$(uri));
      await server.waitFor({ type: 'unsubscribed', uri }, { nth });
    }

    const { subscriptions, messages, cancelled } = await server.counts();
    expect(subscriptions).toEqual({ [uri]: 0 });
    expect(messages).toMatchObject({ 'resources/subscribe': rounds, 'resources/unsubscribe': rounds });
    expect(cancelled).toEqual([]);
  });

  it('leave no listener', async () => {
    const notifications$ = new Subject<Notification>();
    const gaps$ = new Subject<Gap>();
    const ended$ = new Subject<void>();
    const scheduler = new VirtualTimeScheduler();
    const { connections$ } = session;
    const reported$ = new Subject<Error>();
    const report = (error: Error): void => reported$.next(error);
    const context = {
      notifications$,
      connections$,
      usable$: connections$,
      gaps$,
      ended$,
      report,
      warnOnce: report,
      scheduler,
    };
    const watchResource = createWatchResource({
      ...context,
      subscriptions: createResourceSubscriptions(
        { defaults: {}, closed$: NEVER, state: () => 'connected', openCalls: new OpenCalls(), scheduler },
        (request) => request,
      ),
      // The fetch fails, and waits for a retry.
      read$: () => throwError(() => new Error('no luck')),
    });
    const listening = (): boolean[] => [notifications$, gaps$, ended$].map(({ observed }) => observed);

    for (const view$ of [
      liveList$(
        'tools',
        throwError(() => new Error('no luck')),
        context,
      ),
      watchResource(uri, undefined),
    ]) {
      const failed = firstValueFrom(reported$);
      const watching = view$.subscribe();
      await failed;
      expect(scheduler.actions).toHaveLength(1);
      expect(listening()).toEqual([true, true, true]);

      watching.unsubscribe();

      expect(listening()).toEqual([false, false, false]);
      expect(scheduler.actions).toEqual([]);
    }
  });
});
