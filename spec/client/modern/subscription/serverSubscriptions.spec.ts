import { bufferCount, firstValueFrom, interval, skip, take, toArray } from 'rxjs';
import { type Gap, listChanged, MCPSession, resourceUpdated, type SessionOptions } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { virtualTime } from 'rx-mcp/testing';
import { createScriptedServer, type ScriptedServer } from '../scriptedServer';
import { firstMatch } from '../../../rig/firstMatch';

const engine = modern({ negotiation: 'modern' });
const reconnect = { initialDelay: 5, jitter: 'none' } as const;
const toolsChanged = 'notifications/tools/list_changed';

let session: MCPSession;
let errors: Error[];
let gaps: Gap[];

function open(server: ScriptedServer, options: SessionOptions = {}): Promise<void> {
  session = new MCPSession(server.connector({ engine, reconnect }), options);
  errors = [];
  gaps = [];
  session.errors$.subscribe((error) => errors.push(error));
  session.gaps$.subscribe((gap) => gaps.push(gap));
  return session.connect();
}

afterEach(() => session.disconnect());

describe('a session of protocol 2026-07-28', () => {
  it('reports declined parts once', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge({}));
    await open(server);
    const first = session.notifications$.pipe(listChanged('tools')).subscribe();
    await firstMatch(server.subscribed$, () => true);
    first.unsubscribe();
    const kinds = session.notifications$.pipe(listChanged('tools', 'prompts')).subscribe();
    await firstMatch(server.subscribed$, ({ filter }) => 'promptsListChanged' in filter);
    kinds.unsubscribe();
    await server.drop();
    await firstMatch(session.status$, ({ state }) => state === 'connected');
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await firstValueFrom(server.subscribed$.pipe(skip(2)));
    expect(errors.filter(({ name }) => name === 'ServerError').map(({ message }) => message)).toEqual([
      'subscribing: the server does not announce changes of tools',
      'subscribing: the server does not announce changes of prompts',
    ]);
  });

  it('does not request declined parts again', async () => {
    const server = createScriptedServer(({ acknowledge, end }) => {
      acknowledge({});
      end();
    });
    await open(server);
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await firstMatch(server.subscribed$, () => true);
    session.notifications$.pipe(resourceUpdated('memo://other')).subscribe();
    await expect(firstValueFrom(server.subscribed$.pipe(take(2), toArray()))).resolves.toMatchObject([
      { filter: { toolsListChanged: true } },
      { filter: { toolsListChanged: true, resourceSubscriptions: ['memo://other'] } },
    ]);
  });

  it('rejects a resource whose updates the server declines', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge({}));
    await open(server);
    await expect(session.request('resources/subscribe', { uri: 'memo://none' })).rejects.toMatchObject({
      name: 'ServerError',
      code: -32601,
    });
  });

  it('resubscribes after a second, with a gap, when the server ends a subscription gracefully', async () => {
    const { scheduler, advance } = virtualTime();
    let count = 0;
    const server = createScriptedServer(({ acknowledge, end }) => {
      acknowledge();
      if (++count === 1) end();
    });
    await open(server, { scheduler });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await advance(20);
    expect(count).toBe(1);

    await advance(999);
    expect(count).toBe(1);
    await advance(1);
    expect(count).toBe(2);
    expect(gaps).toMatchObject([{ cause: { name: 'ConnectionLostError' } }]);
  });

  it('delivers a notification that arrives on both subscriptions during a switch only once, in either order', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server);
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    await firstMatch(server.subscribed$, () => true);
    session.notifications$.pipe(resourceUpdated('memo://a')).subscribe();
    const [old, latest] = await firstValueFrom(server.subscribed$.pipe(bufferCount(2)));
    old?.notify(toolsChanged);
    latest?.notify(toolsChanged);
    latest?.notify(toolsChanged);
    old?.notify(toolsChanged);
    // This one arrives only on the old subscription, because it was sent before the new one was open.
    old?.notify(toolsChanged);
    expect(received).toBe(3);
  });

  it('emits a gap when changes arrive continuously during a switch', async () => {
    const { scheduler, advance } = virtualTime();
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server, { scheduler });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await advance(20);
    const old = await firstMatch(server.subscribed$, () => true);
    const changes = interval(20, scheduler).subscribe(() => old.notify(toolsChanged));
    session.notifications$.pipe(resourceUpdated('memo://a')).subscribe();

    await advance(2_019);
    expect(gaps).toEqual([]);
    await advance(1);
    expect(gaps).toMatchObject([{ cause: { message: expect.stringContaining('continuous changes') as string } }]);
    changes.unsubscribe();
    const cancelled = await firstMatch(server.received$, (message) => 'method' in message && !('id' in message));
    expect(cancelled).toMatchObject({ method: 'notifications/cancelled', params: { requestId: old.id } });
  });

  it('ignores notifications on an ended subscription', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server);
    let received = 0;
    session.notifications$.subscribe(() => received++);
    const only = await firstMatch(server.subscribed$, () => true);
    server.write({
      jsonrpc: '2.0',
      method: toolsChanged,
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 'another' } },
    });
    only.notify(toolsChanged);
    expect(received).toBe(1);
  });

  it('closes the old subscription first if the server accepts only one', async () => {
    let received = 0;
    const server = createScriptedServer(({ id, acknowledge }) => {
      if (++received === 1) acknowledge();
      else server.write({ jsonrpc: '2.0', id, error: { code: -32603, message: 'Subscription limit reached' } });
    });
    await open(server);
    server.received$.subscribe((message) => {
      if ('method' in message && message.method === 'notifications/cancelled') received = 0;
    });
    session.notifications$.pipe(listChanged('tools')).subscribe();
    await firstMatch(server.subscribed$, () => true);
    const gap = firstValueFrom(session.gaps$);
    session.notifications$.pipe(resourceUpdated('memo://a')).subscribe();
    await gap;
    expect(received).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual(['Subscription limit reached']);
  });

  it('resubscribes on the next connection, with a gap', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server);
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    await firstMatch(server.subscribed$, () => true);
    const gap = firstValueFrom(session.gaps$);
    await server.drop();
    const second = await firstValueFrom(server.subscribed$.pipe(skip(1)));
    await gap;
    second.notify(toolsChanged);
    expect(received).toBe(1);
  });

  it("bypasses the SDK's cache after a change", async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server);
    const lists: number[] = [];
    const second = firstValueFrom(session.tools$.pipe(skip(1)));
    session.tools$.subscribe((tools) => lists.push(tools.length));
    await firstMatch(session.tools$, () => true);
    (await firstMatch(server.subscribed$, () => true)).notify(toolsChanged);
    await second;
    const sent = await firstValueFrom(server.received$.pipe(take(4), toArray()));
    expect(sent.map((message) => 'method' in message && message.method)).toEqual([
      'server/discover',
      'subscriptions/listen',
      'tools/list',
      'tools/list',
    ]);
  });

  it('delivers progress that arrives right before its result', async () => {
    const server = createScriptedServer(({ acknowledge }) => acknowledge());
    await open(server);
    const called = firstMatch(server.received$, (message) => 'method' in message && message.method === 'tools/call');
    const events = firstValueFrom(session.callTool$('any', {}, { progressToken: 'p' }).pipe(toArray()));
    const call = await called;
    const progress = [1, 2, 3].map((step) => ({
      jsonrpc: '2.0' as const,
      method: 'notifications/progress',
      params: { progressToken: 'p', progress: step },
    }));
    const id = 'id' in call && call.id !== undefined ? call.id : '';
    server.write(...progress, { jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } });
    expect((await events).map(({ kind }) => kind)).toEqual(['progress', 'progress', 'progress', 'result']);
    expect(gaps).toEqual([]);
  });
});
