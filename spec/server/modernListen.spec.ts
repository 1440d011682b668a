import { BehaviorSubject, firstValueFrom, map, type Subject } from 'rxjs';
import { HttpConnector, listChanged, MCPSession, resourceUpdated } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { MCPServer, resource, tool, type ToolDefinition } from 'rx-mcp/server';
import { serve, until, type Served } from './rig/serve';

const named = (...names: string[]): ToolDefinition[] => names.map((name) => tool(name, {}, () => name));

describe('a listening client of protocol 2026-07-28', () => {
  let served: Served;
  const sessions: MCPSession[] = [];
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.disconnect()));
    await served.close();
  });

  async function open(server: MCPServer): Promise<void> {
    served = await serve(server, ({ headers }) => ({ token: 't', clientId: String(headers['x-user']), scopes: [] }));
  }

  /** Connects as a user. Resolves with the methods that the client has received. */
  async function connect(name: string): Promise<{ session: MCPSession; received: string[] }> {
    const engine = modern({ negotiation: 'modern' });
    const session = new MCPSession(new HttpConnector(served.url, { engine, headers: { 'x-user': name } }));
    sessions.push(session);
    await session.connect();
    await firstValueFrom(session.tools$);
    const received: string[] = [];
    session.notifications$.subscribe(({ method }) => received.push(method));
    return { session, received };
  }

  it('receives list_changed only for changes of its own list', async () => {
    const all$ = new BehaviorSubject(named('alice1', 'bob1'));
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: ({ principal = '' }) =>
          all$.pipe(map((tools) => tools.filter(({ listing }) => listing.name.startsWith(principal)))),
        coalesce: 1,
      },
    );
    await open(server);
    const alice = await connect('alice');
    const changed = firstValueFrom(alice.session.notifications$.pipe(listChanged('tools')));
    const { received } = await connect('bob');
    all$.next(named('alice1', 'alice2', 'bob1'));
    await changed;
    expect(received).toEqual([]);
    expect((await alice.session.listTools()).map(({ name }) => name)).toEqual(['alice1', 'alice2']);
  });

  it('receives broadcasts to its user', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools: named('a') });
    await open(server);
    const alice = await connect('alice');
    const bob = await connect('bob');
    const method = 'notifications/tools/list_changed';
    const changed = firstValueFrom(bob.session.notifications$.pipe(listChanged('tools')));
    await server.notify(method, undefined, { principal: 'alice' });
    await server.notify(method, undefined, { principal: 'bob' });
    await changed;
    await until(() => alice.received.length > 0, 'the notification of the other user');
    expect([alice.received, bob.received]).toEqual([[method], [method]]);
  });

  it('receives updates of a resource that has a source per caller', async () => {
    const sources = new Map<string, Subject<string>>();
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [],
        resources: [
          resource('live://mine', {}, (_, { caller: { principal = '' } }) => {
            const source$ = new BehaviorSubject(principal);
            sources.set(principal, source$);
            return source$;
          }),
        ],
        coalesce: 1,
      },
    );
    await open(server);
    const alice = await connect('alice');
    const updated = firstValueFrom(alice.session.notifications$.pipe(resourceUpdated('live://mine')));
    alice.session.resource$('live://mine').subscribe();
    await until(() => sources.has('alice'), 'the source of one user');
    const bob = await connect('bob');
    bob.session.resource$('live://mine').subscribe();
    await until(() => sources.has('bob'), 'the source of another user');
    sources.get('alice')!.next('changed');
    await updated;
    expect(bob.received).toEqual([]);
  });

  it('loses its stream when it does not read, and the server keeps nothing for it', async () => {
    const source$ = new BehaviorSubject('0');
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      { resources: [resource('live://x', {}, source$)], coalesce: 0, buffer: 2_000 },
    );
    await open(server);
    const version = '2026-07-28';
    const meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    };
    const listening = await server.fetch(
      new Request(served.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': version,
          'mcp-method': 'subscriptions/listen',
        },
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'subscriptions/listen',
          params: { notifications: { resourceSubscriptions: ['live://x'] }, _meta: meta },
        }),
      }),
    );
    expect(listening.status).toBe(200);
    await until(() => source$.observed, 'the subscription');
    for (let n = 1; source$.observed; n++) {
      source$.next(String(n));
      await new Promise((resolve) => setTimeout(resolve));
      if (n > 1_000) throw new Error('the stream stays open');
    }
    const text = await listening.text();
    expect(text.length).toBeLessThan(20_000);
  });
});
