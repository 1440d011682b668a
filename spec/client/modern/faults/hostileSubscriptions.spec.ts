import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type Gap, listChanged, MCPSession, resourceUpdated, type SessionStatus, TransportConnector } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { virtualTime } from 'rx-mcp/testing';
import { type SchedulerLike } from 'rxjs';
import { idle } from '../../../rig/idle';
import { createScriptedServer, type ScriptedServer, type Subscribed } from '../scriptedServer';
import { firstMatch } from '../../../rig/firstMatch';

const engine = modern({ negotiation: 'modern' });
const toolsChanged = 'notifications/tools/list_changed';

let session: MCPSession;
let errors: Error[];
let gaps: Gap[];
let statuses: SessionStatus[];

function open(connector: TransportConnector, scheduler?: SchedulerLike): Promise<void> {
  session = new MCPSession(connector, { scheduler });
  errors = [];
  gaps = [];
  statuses = [];
  session.errors$.subscribe((error) => errors.push(error));
  session.gaps$.subscribe((gap) => gaps.push(gap));
  session.status$.subscribe((status) => statuses.push(status));
  return session.connect();
}

afterEach(() => session.disconnect());

describe('a server that ends each subscription immediately', () => {
  const acknowledgeRepeatedly = ({ acknowledge }: Subscribed): void => {
    for (let n = 0; n < 100; n++) acknowledge();
  };
  const server = (onSubscribe: (subscribed: Subscribed, server: ScriptedServer) => void): ScriptedServer => {
    const scripted = createScriptedServer((subscribed) => onSubscribe(subscribed, scripted));
    return scripted;
  };

  it.each<[string, Parameters<typeof server>[0]]>([
    ['gracefully', ({ end }) => end()],
    [
      'gracefully, after acknowledging it',
      (subscribed) => {
        acknowledgeRepeatedly(subscribed);
        subscribed.end();
      },
    ],
    [
      'by cancelling it, after acknowledging it',
      (subscribed, { write }) => {
        acknowledgeRepeatedly(subscribed);
        write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: subscribed.id } });
      },
    ],
    ['with an error', ({ id }, { write }) => write({ jsonrpc: '2.0', id, error: { code: -32000, message: 'later' } })],
  ])('%s, receives no more requests than the policy allows', async (_, onSubscribe) => {
    const { scheduler, advance } = virtualTime();
    const scripted = server(onSubscribe);
    let subscribeRequests = 0;
    scripted.subscribed$.subscribe(() => subscribeRequests++);
    const reconnect = { initialDelay: 1_000, maxDelay: 10_000, jitter: 'none' } as const;
    const connecting = open(scripted.connector({ engine, reconnect }), scheduler);
    await idle();
    await advance(2_000);
    await connecting;
    session.notifications$.pipe(listChanged('tools')).subscribe();

    for (let second = 0; second < 60; second++) {
      await advance(1_000);
      await idle();
    }

    // The policy makes attempts at 0, 0 or 1, then after 1, 2, 4, 8 and 10 seconds, and every 10 seconds from then on.
    expect(subscribeRequests).toBeGreaterThanOrEqual(7);
    expect(subscribeRequests).toBeLessThanOrEqual(11);
    expect(gaps.length).toBeLessThanOrEqual(subscribeRequests);
  });
});

describe('a server that acknowledges a subscription', () => {
  it('is bound to the first filter if it repeats the acknowledgement with different ones', async () => {
    const server = createScriptedServer(({ acknowledge }) => {
      for (let n = 0; n < 100; n++) {
        acknowledge();
        acknowledge({});
        acknowledge({ resourceSubscriptions: [`memo://${n}`] });
      }
    });
    await open(server.connector({ engine }));
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    const { notify } = await firstMatch(server.subscribed$, () => true);
    await idle();
    const statusCount = statuses.length;

    notify(toolsChanged);
    await idle();

    expect(received).toBe(1);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true });
    expect(statusCount).toBeLessThanOrEqual(4);
    expect([errors, gaps]).toEqual([[], []]);
  });

  it('is ignored if the subscription was not requested', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server.connector({ engine }));
    let received = 0;
    session.notifications$.pipe(resourceUpdated('memo://a')).subscribe(() => received++);
    const { acknowledge } = await firstMatch(server.subscribed$, () => true);
    await idle();
    const meta = { _meta: { 'io.modelcontextprotocol/subscriptionId': 'none' } };

    acknowledge({ toolsListChanged: true });
    server.write(
      { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: { notifications: {}, ...meta } },
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'memo://a', ...meta } },
    );
    await idle();

    expect(received).toBe(0);
    expect([errors, gaps]).toEqual([[], []]);
  });
});

describe('texts of a server', () => {
  it('are reported once for a rejected subscription', async () => {
    let refusals = 0;
    const server = createScriptedServer(({ id }) => {
      server.write({ jsonrpc: '2.0', id, error: { code: -32602, message: `refusal ${++refusals}` } });
    });
    await open(server.connector({ engine, reconnect: { initialDelay: 1, jitter: 'none' } }));
    session.notifications$.pipe(listChanged('tools')).subscribe();

    for (const nth of [1, 2, 3]) {
      while (refusals < nth) await idle();
      await idle();
      await server.drop();
      await firstMatch(session.status$, ({ state }) => state === 'reconnecting');
    }

    expect(errors.filter(({ name }) => name === 'ServerError')).toMatchObject([{ message: 'refusal 1' }]);
  });

  it('are truncated for unsupported versions', async () => {
    const connector = new TransportConnector(
      async () => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        const supportedVersions = Array.from({ length: 100_000 }, (_, n) => `version ${n}`);
        const result = { resultType: 'complete', supportedVersions, capabilities: {}, ttlMs: 0, cacheScope: 'private' };
        serverSide.onmessage = (message) => {
          if ('id' in message && message.id !== undefined)
            void serverSide.send({ jsonrpc: '2.0', id: message.id, result });
        };
        await serverSide.start();
        return clientSide;
      },
      { engine },
    );

    const error: unknown = await open(connector).catch((cause: unknown) => cause);

    expect(error).toMatchObject({ name: 'ConnectionFailedError', message: expect.stringContaining('version 0') });
    expect(String(error).length).toBeLessThan(500);
  });
});
