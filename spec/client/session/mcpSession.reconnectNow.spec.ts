import { ConnectionFailedError, MCPSession, type SessionStatus } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { Observable, Subject } from 'rxjs';
import { openMemorySession } from '../../rig/openMemorySession';

const hour = 3_600_000;

/** Opens a session whose connection is lost, and whose server rejects it. The next attempt is an hour away. */
async function lostSession() {
  const clock = virtualTime();
  const reconnect = { initialDelay: hour, maxDelay: 8 * hour, jitter: 'none' } as const;
  const opened = openMemorySession({
    session: { scheduler: clock.scheduler, timeout: Infinity },
    options: { reconnect },
  });
  await opened.session.connect();
  opened.memory.refuse(new Error('not today'));
  await opened.memory.drop();
  expect(opened.statuses.at(-1)).toMatchObject({ state: 'reconnecting', attempt: 1, delay: hour });
  expect(opened.memory.attempts).toBe(1);
  return { ...opened, advance: clock.advance };
}

describe('connect() during a retry delay', () => {
  it('makes the attempt immediately and resolves when it succeeds', async () => {
    const { memory, session, statuses, gaps, advance } = await lostSession();
    memory.refuse(undefined);

    await session.connect();

    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    expect(gaps).toMatchObject([{ since: 0, until: 0 }]);
    // The skipped attempt is not made a second time.
    await advance(10 * hour);
    expect(memory.attempts).toBe(2);
    await session.disconnect();
  });

  it('is followed by the next delay of the policy if the attempt fails', async () => {
    const { memory, session, statuses, advance } = await lostSession();

    const connected = session.connect();
    await advance(0);
    expect(memory.attempts).toBe(2);
    expect(statuses.at(-1)).toMatchObject({ state: 'reconnecting', attempt: 2, delay: 2 * hour });

    await advance(2 * hour - 1);
    expect(memory.attempts).toBe(2);
    memory.refuse(undefined);
    await advance(1);
    await connected;
    expect(memory.attempts).toBe(3);
    await session.disconnect();
  });

  it('makes one attempt for concurrent calls', async () => {
    const { memory, session, advance } = await lostSession();
    memory.refuse(undefined);

    const connected = [session.connect(), session.initialize(), session.connect({ retry: true })];
    await advance(0);
    await Promise.all([...connected, session.connect()]);

    expect(memory.attempts).toBe(2);
    await session.disconnect();
  });

  it('is not implied by waiting calls', async () => {
    const { memory, session, advance } = await lostSession();
    memory.refuse(undefined);

    const calls = [session.listTools(), session.ping(), session.setRoots([]), session.notify('custom/x')];
    session.tools$.subscribe();
    await advance(hour - 1);
    expect(memory.attempts).toBe(1);

    await session.connect();
    await session.disconnect();
    await Promise.allSettled(calls);
    expect(memory.methods()).toContain('custom/x');
  });

  it('starts an attempt at once after the first attempt has failed', async () => {
    const { scheduler, advance } = virtualTime();
    const reconnect = { initialDelay: hour, maxDelay: hour, jitter: 'none' } as const;
    const { memory, session } = openMemorySession({ session: { scheduler }, options: { reconnect } });
    memory.refuse(new Error('not today'));
    const connected = session.connect({ retry: true });
    await advance(0);

    memory.refuse(undefined);
    await session.connect();

    await connected;
    expect(memory.attempts).toBe(2);
    await session.disconnect();
  });

  it('replaces a user-supplied notifier', async () => {
    let waiting = 0;
    const delay = () =>
      new Observable(() => {
        waiting++;
        return () => waiting--;
      });
    const { memory, session } = openMemorySession({ options: { reconnect: { delay } } });
    await session.connect();
    await memory.drop();
    expect(waiting).toBe(1);

    await session.connect();

    expect({ waiting, attempts: memory.attempts }).toEqual({ waiting: 0, attempts: 2 });
    await session.disconnect();
  });

  it('does not revive a policy whose notifier completes', async () => {
    const ending$ = new Subject<never>();
    const { memory, session, statuses } = openMemorySession({ options: { reconnect: { delay: () => ending$ } } });
    await session.connect();
    await memory.drop();
    ending$.complete();

    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    await session.disconnect();
  });
});

describe('connect() during an attempt', () => {
  it('waits for that attempt, and does not skip the next delay', async () => {
    const { scheduler, advance } = virtualTime();
    const attempts: Subject<never>[] = [];
    const statuses: SessionStatus[] = [];
    const connector = {
      options: { reconnect: { initialDelay: hour, maxDelay: 8 * hour, jitter: 'none' } as const },
      connect: () =>
        new Observable<never>((subscriber) => {
          const attempt$ = new Subject<never>();
          attempts.push(attempt$);
          return attempt$.subscribe(subscriber);
        }),
    };
    const session = new MCPSession(connector, { scheduler });
    session.status$.subscribe((status) => statuses.push(status));
    const connecting = session.connect({ retry: true });
    attempts[0]!.error(new ConnectionFailedError('not today'));
    await advance(hour);

    const waiting = session.connect();
    attempts[1]!.error(new ConnectionFailedError('not today'));
    await advance(hour);

    expect(attempts.length).toBe(2);
    expect(statuses.at(-1)).toMatchObject({ state: 'reconnecting', attempt: 2, delay: 2 * hour });
    await Promise.all([session.disconnect(), expect(connecting).rejects.toThrow(), expect(waiting).rejects.toThrow()]);
  });
});
