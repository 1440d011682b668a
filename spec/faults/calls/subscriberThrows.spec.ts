import { MCPSession, ofMethod, progressOf } from 'rx-mcp';
import { firstValueFrom, map, skip, type Observable } from 'rxjs';
import { createMemoryServer } from '../../rig/createMemoryServer';
import { watchSession } from '../../rig/watchSession';
import { useUnhandled } from './useUnhandled';
import { openGuest } from '../../client/guest/openGuest';

const unhandled$ = useUnhandled();

describe('a subscriber that throws', () => {
  const open = async () => {
    const memory = createMemoryServer();
    const watched = watchSession(new MCPSession(memory.connector()));
    await watched.session.connect();
    const tick = (n: number) => memory.server.notification({ method: 'custom/tick', params: { n } });
    return { memory, tick, ...watched };
  };
  const boom = (): never => {
    throw new Error('boom');
  };

  it('does not affect others, and receives the next values', async () => {
    const { session, tick, ticks, statuses } = await open();
    let calls = 0;
    session.notifications$.subscribe(() => {
      calls++;
      boom();
    });

    await tick(1);
    await tick(2);

    expect(await firstValueFrom(unhandled$.pipe(skip(1)))).toMatchObject({ message: 'boom' });
    expect({ ticks, calls }).toEqual({ ticks: [1, 2], calls: 2 });
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    await session.ping();
    await session.disconnect();
  });

  it.each(['status$', 'errors$', 'messages$', 'gaps$', 'connections$', 'roots$'] as const)(
    'does not affect the session if it subscribed to %s',
    async (name) => {
      const { memory, session, receives, tick, until } = await open();
      let calls = 0;
      const stream$: Observable<unknown> = session[name];
      stream$.subscribe(() => {
        calls++;
        boom();
      });

      await session.setRoots([{ uri: 'file:///a' }]);
      memory.write('nonsense');
      await memory.drop();
      await until(({ gaps }) => gaps.length > 0);
      await tick(1);
      await receives(1);

      expect(calls).toBeGreaterThan(0);
      await session.disconnect();
    },
  );

  it('errors only its own stream if it throws inside an operator', async () => {
    const { session, tick, ticks } = await open();
    const own: unknown[] = [];
    session.notifications$
      .pipe(ofMethod('custom/tick'), map(boom))
      .subscribe({ error: (error: unknown) => own.push(error) });

    await tick(1);
    await tick(2);

    expect(own).toEqual([new Error('boom')]);
    expect(ticks).toEqual([1, 2]);
    await session.disconnect();
  });

  it('does not affect the many other subscribers of its route', async () => {
    const { session, memory } = await open();
    const seen: string[] = [];
    const progress$ = session.notifications$.pipe(progressOf('t'));
    progress$.subscribe(() => seen.push('first'));
    progress$.subscribe(boom);
    progress$.subscribe(() => seen.push('last'));

    await memory.server.notification({ method: 'notifications/progress', params: { progressToken: 't', progress: 1 } });

    expect(seen).toEqual(['first', 'last']);
    await session.disconnect();
  });

  it('is reported on errors$ if it is a handler, whether it throws or rejects', async () => {
    const { session, tick, ticks, errors, until } = await open();
    session.on('notification', boom);
    session.on('notification', () => Promise.reject(new Error('later')));

    await tick(1);
    await until(() => errors.length === 2);
    await tick(2);
    await until(() => errors.length === 4);

    expect(errors.map(({ name }) => name)).toEqual(Array(4).fill('HandlerError'));
    expect(errors.map(({ cause }) => cause)).toEqual([
      new Error('boom'),
      new Error('later'),
      new Error('boom'),
      new Error('later'),
    ]);
    expect(ticks).toEqual([1, 2]);
    await session.disconnect();
  });

  it('is reported to onerror of an SDK client over the session if it is a handler of that client', async () => {
    const { session, tick, ticks, errors } = await open();
    const guest = await openGuest(session);
    guest.client.fallbackNotificationHandler = boom;

    await tick(1);
    await guest.until(() => guest.errors.length === 1);

    expect(guest.errors).toMatchObject([{ message: expect.stringContaining('boom') }]);
    expect(errors).toEqual([]);
    expect(ticks).toEqual([1]);
    await session.disconnect();
  });
});
