// Behaviour of the modern era's SDK that could cause harm. Each spec shows that the library handles it.
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { firstValueFrom, type Observable, ReplaySubject, skip } from 'rxjs';
import { listChanged, MCPSession, type Notification, TransportConnector } from 'rx-mcp';
import { clientOf, modern } from 'rx-mcp/modern';
import { hastyScheduler } from '../../rig/hastyScheduler';
import { createScriptedServer } from './scriptedServer';
import { firstMatch } from '../../rig/firstMatch';

const engine = modern();
const reconnect = { initialDelay: 5, jitter: 'none' } as const;
let session: MCPSession;

afterEach(() => session.disconnect());

describe('the engine for protocol 2026-07-28', () => {
  it('uses one SDK client per connection, because a second connect() would replace the transport', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    session = new MCPSession(server.connector({ engine, reconnect }));
    await session.connect();
    const first = clientOf(await firstValueFrom(session.connections$));
    const next = firstValueFrom(session.connections$.pipe(skip(1)));

    await server.drop();

    const second = clientOf(await next);
    expect(second).not.toBe(first);
    expect(first).toHaveProperty('transport', undefined);
    expect(await second?.listTools()).toMatchObject({ tools: [] });
  });

  it('ignores an old transport that closes late', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    session = new MCPSession(server.connector({ engine, reconnect }));
    const errors: Error[] = [];
    session.errors$.subscribe((error) => errors.push(error));
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await session.connect();
    const [old] = server.transports;
    const closed = old?.onclose;
    const again = firstValueFrom(session.connections$.pipe(skip(1)));
    await server.drop();
    await again;
    const { length } = errors;

    closed?.();
    old?.onerror?.(new Error('too late'));
    old?.onmessage?.({ jsonrpc: '2.0', method: 'custom/late' });
    await session.ping();

    expect(errors).toHaveLength(length);
    expect(await firstValueFrom(session.status$)).toMatchObject({ state: 'connected', listening: true });
  });

  it('treats silence of a wrapped process as a legacy server', async () => {
    const received: string[] = [];
    const connector = new TransportConnector(
      async () => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        serverSide.onmessage = (message: JSONRPCMessage) => {
          if (!('method' in message && 'id' in message)) return;
          received.push(message.method);
          // The process supports initialize, and ignores unknown messages.
          if (message.method !== 'initialize') return;
          const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'old', version: '1' } };
          void serverSide.send({ jsonrpc: '2.0', id: message.id, result });
        };
        await serverSide.start();
        return clientSide;
      },
      { engine },
    );
    session = new MCPSession(connector, { scheduler: hastyScheduler(50) });

    await session.connect();

    expect(received).toEqual(['server/discover', 'initialize']);
    expect(session.protocolVersion).toBe('2025-11-25');
  });

  it('emits notifications that the SDK would drop', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    session = new MCPSession(server.connector({ engine }));
    const received$ = new ReplaySubject<Notification>(Infinity);
    session.notifications$.subscribe(received$);
    await session.connect();
    const connection = await firstValueFrom(session.connections$);
    const client = clientOf(connection);
    const bySdk: string[] = [];
    if (client) client.fallbackNotificationHandler = async ({ method }) => void bySdk.push(method);

    const methods = ['notifications/elicitation/complete', 'notifications/tasks/status', 'custom/sent'];
    server.write(...methods.map((method) => ({ jsonrpc: '2.0' as const, method, params: { elicitationId: 'e' } })));
    await firstMatch(received$, ({ method }) => method === 'custom/sent');
    await session.ping();

    const received: string[] = [];
    received$.subscribe(({ method }) => received.push(method));
    expect(received).toEqual(methods);
    expect(bySdk).toEqual(['custom/sent']);
  });

  it('reopens its subscription, which the SDK would not', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    session = new MCPSession(server.connector({ engine, reconnect }));
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await session.connect();
    const connection = await firstValueFrom(session.connections$);
    const first = await firstMatch(server.subscribed$, () => true);
    const gap = firstValueFrom(session.gaps$);

    expect(clientOf(connection)?.autoOpenedSubscription).toBeUndefined();
    first.end();

    await expect(gap).resolves.toMatchObject({ cause: { name: 'ConnectionLostError' } });
  });

  it("fetches lists and resources from the server after a gap, not from the SDK's cache", async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge(), { ttlMs: 3_600_000 });
    session = new MCPSession(server.connector({ engine, reconnect }));
    await session.connect();
    const live: Observable<unknown>[] = [session.tools$, session.prompts$, session.resources$];
    const twice = [...live, session.resource$('memo://a')].map(
      (live$) => [firstValueFrom(live$), firstValueFrom(live$.pipe(skip(1)))] as const,
    );
    await Promise.all(twice.map(([first]) => first));
    const gap = firstValueFrom(session.gaps$);

    (await firstMatch(server.subscribed$, ({ filter }) => 'resourceSubscriptions' in filter)).end();
    await gap;
    await Promise.all(twice.map(([, second]) => second));

    const requests: string[] = [];
    server.received$.subscribe((message) => 'method' in message && requests.push(message.method));
    for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/read']) {
      expect([method, requests.filter((name) => name === method).length]).toEqual([method, 2]);
    }
  });

  it("passes each list change to the SDK's cache", async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge(), { ttlMs: 3_600_000 });
    session = new MCPSession(server.connector({ engine }));
    session.notifications$.pipe(listChanged()).subscribe();
    await session.connect();
    const client = clientOf(await firstValueFrom(session.connections$));
    const { notify } = await firstMatch(server.subscribed$, () => true);
    const requests: string[] = [];
    server.received$.subscribe((message) => 'method' in message && requests.push(message.method));

    for (const kind of ['prompts', 'resources'] as const) {
      const list = (): unknown => (kind === 'prompts' ? client?.listPrompts() : client?.listResources());
      await list();
      await list();
      notify(`notifications/${kind}/list_changed`);
      await list();
      expect([kind, requests.filter((method) => method === `${kind}/list`).length]).toEqual([kind, 2]);
    }
  });
});
