import { setImmediate } from 'node:timers/promises';
import { ConnectionFailedError, MCPSession, SessionClosedError, TransportConnector } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, NEVER, type Observable } from 'rxjs';
import { openMemorySession } from '../../rig/openMemorySession';

const states = (statuses: { state: string }[]): string[] => statuses.map(({ state }) => state);

describe('connecting a session', () => {
  it("initializes and exposes the server's description", async () => {
    const { memory, session, statuses } = openMemorySession();
    expect([session.serverInfo, session.capabilities, session.instructions]).toEqual(Array(3).fill(undefined));

    await session.connect();

    expect(memory.methods()).toEqual(['initialize', 'notifications/initialized']);
    expect(statuses).toEqual([
      { state: 'idle' },
      { state: 'connecting' },
      { state: 'connected', listening: true, protocolVersion: '2025-11-25', protocolEra: 'legacy' },
    ]);
    expect(session.serverInfo).toEqual({ name: 'memory-server', version: '1.0.0' });
    expect(session.capabilities).toMatchObject({ tools: {}, logging: {} });
    expect(session.instructions).toBe('Be quick.');
    expect(session.protocolVersion).toBe('2025-11-25');
    await session.disconnect();
  });

  it("sends the client's description and capabilities", async () => {
    const clientInfo = { name: 'spec', version: '7' };
    const { memory, session } = openMemorySession({
      session: { clientInfo, capabilities: { experimental: { x: {} } } },
    });
    session.handle('sampling/createMessage', () => NEVER);

    await session.connect();

    expect(memory.received[0]).toMatchObject({ params: { clientInfo } });
    expect(memory.server.getClientCapabilities()).toEqual({
      roots: { listChanged: true },
      sampling: {},
      experimental: { x: {} },
    });
    await session.disconnect();
  });

  it('connects once if called twice, concurrently or later, with connect() and initialize()', async () => {
    const { memory, session } = openMemorySession();

    await Promise.all([session.connect(), session.initialize(), session.connect({ retry: true })]);
    await session.initialize();
    await session.connect();

    expect(memory.attempts).toBe(1);
    await session.disconnect();
  });

  it('happens with initialize() alone', async () => {
    const { session, statuses } = openMemorySession();

    await session.initialize();

    expect(states(statuses)).toEqual(['idle', 'connecting', 'connected']);
    await session.disconnect();
  });
});

describe('a first attempt that fails', () => {
  it('rejects with the typed error, closes the session with it, and leaves nothing open', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses, errors } = openMemorySession({ session: { scheduler } });
    memory.refuse(new Error('not today'));

    const error: unknown = await session.connect().catch((reason: unknown) => reason);
    await advance(1_000_000);

    expect(error).toBeInstanceOf(ConnectionFailedError);
    expect(error).toMatchObject({ message: 'creating the transport: not today', cause: new Error('not today') });
    expect(statuses).toEqual([{ state: 'idle' }, { state: 'connecting' }, { state: 'closed', error }]);
    expect({ attempts: memory.attempts, errors }).toEqual({ attempts: 1, errors: [] });
  });

  it('rejects all callers with the same error', async () => {
    const { memory, session } = openMemorySession();
    memory.refuse(new Error('not today'));

    const outcomes = await Promise.allSettled([session.connect(), session.initialize()]);

    const [first, second] = outcomes.map((outcome): unknown =>
      outcome.status === 'rejected' ? outcome.reason : undefined,
    );
    expect(first).toBeInstanceOf(ConnectionFailedError);
    expect(second).toBe(first);
  });

  it('fails waiting and later calls', async () => {
    const { memory, session } = openMemorySession();
    memory.refuse(new Error('not today'));
    const waiting = session.ping();

    await session.connect().catch(() => undefined);

    await expect(waiting).rejects.toMatchObject({
      name: 'SessionClosedError',
      message: 'session: ended (creating the transport: not today)',
    });
    await expect(session.ping()).rejects.toBeInstanceOf(SessionClosedError);
  });

  it('allows another connect() of the same session with the same subscribers', async () => {
    const { memory, session, statuses, ticks } = openMemorySession();
    memory.refuse(new Error('not today'));
    await session.connect().catch(() => undefined);

    memory.refuse(undefined);
    await session.connect();
    await memory.server.notification({ method: 'custom/tick', params: { n: 1 } });

    expect(states(statuses)).toEqual(['idle', 'connecting', 'closed', 'connecting', 'connected']);
    expect(ticks).toEqual([1]);
    await session.disconnect();
  });
});

describe('connect({ retry: true })', () => {
  it('applies the policy from the first attempt on', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses, errors } = openMemorySession({
      session: { scheduler },
      options: { reconnect: { jitter: 'none' } },
    });
    memory.refuse(new Error('not today'));

    const connecting = session.connect({ retry: true });
    await advance(500);
    await advance(1_000);
    memory.refuse(undefined);
    await advance(2_000);
    await connecting;

    expect(statuses).toMatchObject([
      { state: 'idle' },
      { state: 'connecting' },
      { state: 'reconnecting', attempt: 1, delay: 500, error: { name: 'ConnectionFailedError' } },
      { state: 'reconnecting', attempt: 2, delay: 1_000 },
      { state: 'reconnecting', attempt: 3, delay: 2_000 },
      { state: 'connected' },
    ]);
    expect(memory.attempts).toBe(4);
    expect(errors.map(({ message }) => message)).toEqual(['creating the transport: not today']);
    await session.disconnect();
  });

  it('rejects when the policy gives up, with the last error', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({
      session: { scheduler },
      options: { reconnect: { maxRetries: 2, jitter: 'none' } },
    });
    memory.refuse(new Error('not today'));

    const connecting = session.connect({ retry: true });
    await Promise.all([
      expect(connecting).rejects.toMatchObject({ name: 'ConnectionFailedError' }),
      advance(500).then(() => advance(1_000)),
    ]);

    expect(memory.attempts).toBe(3);
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { message: 'creating the transport: not today' } });
  });

  it('rejects when the session is disconnected in the meantime', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({ session: { scheduler } });
    memory.refuse(new Error('not today'));
    const connecting = session.connect({ retry: true });
    const outcome = expect(connecting).rejects.toBeInstanceOf(SessionClosedError);

    await advance(1);
    await session.disconnect();
    await outcome;
    const { attempts } = memory;
    await advance(1_000_000);

    expect(memory.attempts).toBe(attempts);
    expect(statuses.at(-1)).toEqual({ state: 'closed' });
  });
});

describe('a lost connection', () => {
  it('is replaced by the policy', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses, errors, gaps } = openMemorySession({
      session: { scheduler },
      options: { reconnect: { jitter: 'none' } },
    });
    await session.connect();
    await advance(3_000);

    await memory.drop();
    await advance(499);
    expect(memory.attempts).toBe(1);
    await advance(1);

    const error = errors[0];
    expect(statuses.slice(2)).toMatchObject([
      { state: 'connected' },
      { state: 'reconnecting', attempt: 1, delay: 500, error },
      { state: 'connected' },
    ]);
    expect(error).toMatchObject({
      name: 'ConnectionLostError',
      message: 'connection: the transport closed',
      uptime: 3_000,
    });
    expect(gaps).toEqual([{ since: 3_000, until: 3_500, cause: error }]);
    await session.disconnect();
  });

  it('makes connect() wait, and disconnect() rejects it', async () => {
    const { memory, session, statuses } = openMemorySession({
      options: { reconnect: { initialDelay: 50, jitter: 'none' } },
    });
    await session.connect();
    await memory.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'reconnecting' });

    await session.connect();

    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    expect(memory.attempts).toBe(2);
    await memory.drop();
    const waiting = expect(session.connect()).rejects.toMatchObject({ name: 'SessionClosedError' });
    await session.disconnect();
    await waiting;
  });

  it('closes the session with the error, and reports it, with reconnect: false', async () => {
    const { memory, session, statuses, errors } = openMemorySession({ options: { reconnect: false } });
    await session.connect();

    await memory.drop();

    expect(statuses.at(-1)).toMatchObject({ state: 'closed', error: { name: 'ConnectionLostError' } });
    expect(errors.map(({ name }) => name)).toEqual(['ConnectionLostError']);
    await session.connect();
    expect(statuses.at(-1)).toMatchObject({ state: 'connected' });
    await session.disconnect();
  });

  it('follows a retry config of RxJS', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({
      session: { scheduler },
      options: { reconnect: { count: 2, delay: 70 } },
    });
    await session.connect();

    memory.refuse(new Error('not today'));
    await memory.drop();
    await advance(70);
    await advance(70);

    expect(statuses.slice(3)).toMatchObject([
      { state: 'reconnecting', attempt: 1, delay: 70 },
      { state: 'reconnecting', attempt: 2, delay: 70 },
      { state: 'closed', error: { name: 'ConnectionFailedError' } },
    ]);
  });
});

describe('disconnecting a session', () => {
  it('is final: its streams complete, and calls and a further connect() reject', async () => {
    const { memory, session } = openMemorySession();
    const streams = ['notifications$', 'messages$', 'errors$', 'gaps$', 'status$', 'connections$'] as const;
    const completed: string[] = [];
    for (const name of [...streams, 'roots$', 'requests$'] as const) {
      const stream$: Observable<unknown> = session[name];
      stream$.subscribe({ complete: () => completed.push(name) });
    }
    await session.connect();

    await session.disconnect();

    expect(new Set(completed)).toEqual(new Set([...streams, 'roots$', 'requests$']));
    const calls = [session.connect(), session.initialize(), session.ping(), session.notify('custom/x')];
    for (const call of [...calls, session.callTool('x'), session.listTools(), session.setRoots([])]) {
      await expect(call).rejects.toBeInstanceOf(SessionClosedError);
    }
    expect(memory.attempts).toBe(1);
  });

  it('completes late subscribers after the last status', async () => {
    const { session } = openMemorySession();
    await session.connect();
    await session.disconnect();

    expect(await firstValueFrom(session.status$)).toEqual({ state: 'closed' });
    for (const name of ['notifications$', 'messages$', 'errors$', 'roots$', 'connections$'] as const) {
      const stream$: Observable<unknown> = session[name];
      await expect(firstValueFrom(stream$, { defaultValue: 'nothing' })).resolves.toBe('nothing');
    }
  });

  it('rejects pending calls', async () => {
    const { session, memory } = openMemorySession();
    await session.connect();
    const call = session.callTool('any');
    const outcome = expect(call).rejects.toMatchObject({ name: 'SessionClosedError', retryable: false });

    await session.disconnect();

    await outcome;
    expect(memory.methods()).toContain('tools/call');
  });

  it('disconnects once if called twice', async () => {
    const { session, statuses } = openMemorySession();
    await session.connect();

    await Promise.all([session.disconnect(), session.disconnect()]);
    await session.disconnect();

    expect(states(statuses)).toEqual(['idle', 'connecting', 'connected', 'closed']);
  });

  it('ends a session that was never connected', async () => {
    const { session, memory, statuses, completed } = openMemorySession();

    await session.disconnect();

    expect(states(statuses)).toEqual(['idle', 'closed']);
    expect(completed).toContain('notifications');
    await expect(session.connect()).rejects.toBeInstanceOf(SessionClosedError);
    expect(memory.attempts).toBe(0);
  });

  it.each([0, 1])('rejects a pending connect() and closes the attempt (%i)', async (turns) => {
    const operations: string[] = [];
    // A transport without a peer.
    const silent = () => ({
      start: async () => void operations.push('start'),
      send: async () => void operations.push('send'),
      close: async () => void operations.push('close'),
    });
    const session = new MCPSession(new TransportConnector(silent));
    const connecting = session.connect();
    const outcome = expect(connecting).rejects.toBeInstanceOf(SessionClosedError);
    for (let turn = 0; turn < turns; turn++) await setImmediate();

    await session.disconnect();
    await setImmediate();

    await outcome;
    expect(operations).toEqual(turns === 0 ? ['close'] : ['start', 'send', 'close']);
  });

  it('happens on disposal', async () => {
    const { session, statuses } = openMemorySession();

    {
      await using disposed = session;
      await disposed.connect();
    }

    expect(states(statuses)).toEqual(['idle', 'connecting', 'connected', 'closed']);
  });
});
