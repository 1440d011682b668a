import { type Connection, type IncomingMessage, type MCPSession, type Notification, ofMethod } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { startLegacyServer } from '../../rig/startLegacyServer';
import { useStage } from '../../rig/useStage';
import type { MemoryServer } from '../../rig/createMemoryServer';
import { idle } from '../../rig/idle';
import { openMemorySession } from '../../rig/openMemorySession';
import { record } from '../../rig/record';

const stage = useStage();

describe('notifications$', () => {
  it('emits every notification in wire order, across connections', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session } = openMemorySession({ session: { scheduler } });
    const seen: Notification[] = [];
    session.notifications$.subscribe((notification) => seen.push(notification));

    for (let connection = 1; connection <= 3; connection++) {
      if (connection === 1) await session.connect();
      await memory.server.notification({ method: 'custom/a', params: { connection } });
      await memory.server.sendToolListChanged();
      await memory.server.notification({ method: 'custom/b', params: { connection } });
      await memory.drop();
      await advance(60_000);
    }

    expect(seen).toEqual(
      [1, 2, 3].flatMap((connection) => [
        { method: 'custom/a', params: { connection } },
        { method: 'notifications/tools/list_changed' },
        { method: 'custom/b', params: { connection } },
      ]),
    );
    await session.disconnect();
  });

  it('continues after a server restart', async () => {
    const server = await startLegacyServer({ args: ['--heartbeat', '20'] });
    stage.after(() => server.stop());
    const { session, statuses, until } = await stage.connected(server.url);
    const counts: unknown[] = [];
    session.notifications$.pipe(ofMethod('custom/heartbeat')).subscribe(({ params }) => counts.push(params?.['count']));
    await session.callTool('long_task', { steps: 3, delayMs: 30 });

    await server.stop();
    await until(() => statuses.at(-1)!.state === 'reconnecting');
    const before = counts.length;
    const again = await startLegacyServer({ port: server.port, args: ['--heartbeat', '20'] });
    stage.after(() => again.stop());
    await session.callTool('long_task', { steps: 3, delayMs: 30 });

    const [first, second] = counts.slice(before);
    expect(before).toBeGreaterThan(0);
    expect(second).toBe(Number(first) + 1);
  });

  it('is hot: late subscribers miss earlier notifications', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    await memory.server.notification({ method: 'custom/early' });
    const seen: string[] = [];
    session.notifications$.subscribe(({ method }) => seen.push(method));

    await memory.server.notification({ method: 'custom/late' });

    expect(seen).toEqual(['custom/late']);
    await session.disconnect();
  });
});

describe('messages$', () => {
  it('emits all four kinds of incoming messages in wire order', async () => {
    const { memory, session } = openMemorySession();
    session.handle('custom/ask', () => Promise.resolve({ answer: 42 }));
    const seen: IncomingMessage[] = [];
    session.messages$.subscribe((message) => seen.push(message));
    const since = Date.now();

    await session.connect();
    memory.write({ jsonrpc: '2.0', method: 'custom/hello', params: { a: 1 } });
    memory.write({ jsonrpc: '2.0', id: 'q', method: 'custom/ask', params: { b: 2 } });
    memory.write('nonsense');
    await session.ping();
    await idle();

    expect(seen).toMatchObject([
      { kind: 'response', response: { id: 0, result: { serverInfo: { name: 'memory-server' } } } },
      { kind: 'notification', notification: { method: 'custom/hello', params: { a: 1 } } },
      { kind: 'request', request: { id: 'q', method: 'custom/ask', params: { b: 2 } } },
      { kind: 'error', error: { name: 'InvalidNotificationError' } },
      { kind: 'response', response: { id: 1, result: {} } },
    ]);
    for (const { at } of seen) expect(at).toBeGreaterThanOrEqual(since);
    expect(memory.received).toContainEqual({ jsonrpc: '2.0', id: 'q', result: { answer: 42 } });
    await session.disconnect();
  });

  it('does not emit messages that the session sends', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    const kinds: string[] = [];
    session.messages$.subscribe(({ kind }) => kinds.push(kind));

    await session.callTool('cut_after_progress').catch(() => undefined);
    await session.ping();

    expect(kinds).toEqual(['notification', 'request', 'response']);
  });

  it('emits the loss of a server as an error, like errors$', async () => {
    const { memory, session, errors } = openMemorySession();
    const seen: IncomingMessage[] = [];
    session.messages$.subscribe((message) => seen.push(message));
    await session.connect();

    await memory.drop();

    expect(seen.at(-1)).toMatchObject({ kind: 'error', error: errors[0] });
    expect(errors[0]).toMatchObject({ name: 'ConnectionLostError' });
    await session.disconnect();
  });
});

/** Connects, causes an error of each kind that leaves the session open, and disconnects. */
async function failInEachWay(memory: MemoryServer, session: MCPSession): Promise<void> {
  await session.connect();
  memory.write('nonsense');
  session.roots$.next([{ uri: 'http://nowhere' }]);
  session.on('notification', () => Promise.reject(new Error('boom')));
  await memory.server.notification({ method: 'custom/any' });
  await memory.drop();
  await session.disconnect();
}

describe('errors$', () => {
  it('emits every error, and completes with the session', async () => {
    const { memory, session } = openMemorySession();
    const errors = record(session.errors$);
    await failInEachWay(memory, session);

    expect(errors.seen).toMatchObject([
      { name: 'InvalidNotificationError' },
      { name: 'InvalidRootsError' },
      { name: 'HandlerError' },
      { name: 'ConnectionLostError' },
      'complete',
    ]);
  });

  it('prints nothing without a subscriber', async () => {
    const { memory, session } = openMemorySession();
    const printed = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn'), jest.spyOn(console, 'log')];
    await failInEachWay(memory, session);

    for (const print of printed) expect(print).not.toHaveBeenCalled();
  });
});

describe('status$', () => {
  it('emits the current status, then each change', async () => {
    const { session } = openMemorySession();
    await session.connect();
    const late: string[] = [];
    session.status$.subscribe({ next: ({ state }) => late.push(state), complete: () => late.push('complete') });

    await session.disconnect();

    expect(late).toEqual(['connected', 'closed', 'complete']);
  });

  it('has changed when connect() resolves or rejects', async () => {
    const { memory, session, statuses } = openMemorySession();
    memory.refuse(new Error('not today'));
    await session.connect().catch(() => expect(statuses.at(-1)!.state).toBe('closed'));
    memory.refuse(undefined);

    await session.connect().then(() => expect(statuses.at(-1)!.state).toBe('connected'));

    expect.assertions(2);
    await session.disconnect();
  });
});

describe('connections$', () => {
  it('emits the current connection, then each new one', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session } = openMemorySession({ session: { scheduler } });
    const all: Connection[] = [];
    session.connections$.subscribe((connection) => all.push(connection));
    await session.connect();
    await memory.drop();
    await advance(60_000);
    const late: Connection[] = [];
    session.connections$.subscribe((connection) => late.push(connection));

    expect(all).toHaveLength(2);
    expect(all[0]).not.toBe(all[1]);
    expect(late).toEqual([all[1]]);
    expect(all[1]).toMatchObject({ protocolEra: 'legacy', protocolVersion: '2025-11-25' });
    await session.disconnect();
  });

  it('emits connections whose close() ends the session until connect()', async () => {
    const { session, statuses, errors } = openMemorySession();
    let connection: Connection | undefined;
    session.connections$.subscribe((each) => (connection = each));
    await session.connect();

    await connection!.close();

    expect(statuses.at(-1)).toEqual({ state: 'closed' });
    expect(errors).toEqual([]);
    await session.connect();
    await session.ping();
    await session.disconnect();
  });
});

describe("on('notification')", () => {
  it('calls its handler once per notification until it is removed', async () => {
    const { memory, session } = openMemorySession();
    const seen: string[] = [];
    const off = session.on('notification', ({ method }) => void seen.push(method));
    await session.connect();

    await memory.server.notification({ method: 'custom/a' });
    await memory.server.notification({ method: 'notifications/progress', params: { progressToken: 1, progress: 1 } });
    off();
    off();
    await memory.server.notification({ method: 'custom/b' });

    expect(seen).toEqual(['custom/a', 'notifications/progress']);
    await session.disconnect();
  });

  it('does not wait for a slow handler', async () => {
    const { memory, session } = openMemorySession();
    const seen: string[] = [];
    session.on('notification', async ({ method }) => {
      seen.push(method);
      await new Promise(() => undefined);
    });
    await session.connect();

    await memory.server.notification({ method: 'custom/a' });
    await memory.server.notification({ method: 'custom/b' });

    expect(seen).toEqual(['custom/a', 'custom/b']);
    await session.disconnect();
  });
});
