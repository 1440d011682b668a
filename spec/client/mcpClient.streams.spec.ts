import { ListToolsRequestSchema, type ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { type ConnectorOptions, MCPClient } from 'rx-mcp';
import { filter, firstValueFrom, map } from 'rxjs';
import { idle } from '../rig/idle';
import { record } from '../rig/record';
import { createMemoryServer, type MemoryServer } from '../rig/createMemoryServer';

const reconnect = { initialDelay: 1, maxDelay: 1, jitter: 'none' } as const;
const tools: ServerCapabilities = { tools: { listChanged: true } };

/** An in-memory server whose tools can be changed. */
interface ToolServer extends MemoryServer {
  names: string[];
}

function toolServer(...names: string[]): ToolServer {
  const memory = createMemoryServer({
    capabilities: tools,
    prepare: (server) => {
      server.setRequestHandler(ListToolsRequestSchema, () => ({
        tools: changeable.names.map((name) => ({ name, inputSchema: { type: 'object' as const } })),
      }));
    },
  });
  const changeable = Object.assign(memory, { names });
  return changeable;
}

const clients: MCPClient[] = [];

afterEach(() => Promise.all(clients.splice(0).map((client) => client.closeAllSessions())));

function clientOf(servers: Record<string, MemoryServer>, options: ConnectorOptions = { reconnect }): MCPClient {
  const mcpServers = Object.entries(servers).map(([name, server]) => [name, { connector: server.connector(options) }]);
  const client = new MCPClient({ mcpServers: Object.fromEntries(mcpServers) as never });
  clients.push(client);
  return client;
}

/** Returns the tools as `server:name`. */
const namesOf = (client: MCPClient) =>
  client.tools$.pipe(map((all) => all.map(({ server, tool }) => `${server}:${tool.name}`)));

describe('client.tools$', () => {
  it('combines the tools of all connected servers, and follows every change', async () => {
    const [a, b] = [toolServer('one'), toolServer('two', 'three')];
    const client = clientOf({ a, b });
    const seen = record(namesOf(client));

    expect(await seen.nth(1)).toEqual([]);
    await client.createSession('a');
    expect(await seen.nth(2)).toEqual(['a:one']);
    await client.createSession('b');
    expect(await seen.nth(3)).toEqual(['a:one', 'b:two', 'b:three']);
    a.names = ['four'];
    await a.server.sendToolListChanged();
    expect(await seen.nth(4)).toEqual(['a:four', 'b:two', 'b:three']);
    await client.closeSession('b');
    expect(await seen.nth(5)).toEqual(['a:four']);
    await client.removeServer('a');
    expect(await seen.nth(6)).toEqual([]);
  });

  it('follows a server that is added later, and a new session of the same name', async () => {
    const client = clientOf({});
    const seen = record(namesOf(client));
    client.addServer('late', { connector: toolServer('one').connector() });

    await client.createSession('late');
    expect(await seen.nth(2)).toEqual(['late:one']);
    await client.closeSession('late');
    expect(await seen.nth(3)).toEqual([]);
    await client.createSession('late');
    expect(await seen.nth(4)).toEqual(['late:one']);
  });

  it('drops the tools of a server while it is reconnecting', async () => {
    const a = toolServer('one');
    const client = clientOf({ a, b: toolServer('two') });
    await client.createAllSessions();
    const seen = record(namesOf(client));
    await firstValueFrom(namesOf(client).pipe(filter(({ length }) => length === 2)));

    a.refuse(new Error('down'));
    await a.drop();
    await firstValueFrom(namesOf(client).pipe(filter(({ length }) => length === 1)));
    expect(seen.values.at(-1)).toEqual(['b:two']);
    a.refuse(undefined);
    await firstValueFrom(namesOf(client).pipe(filter(({ length }) => length === 2)));
    expect([...(seen.values.at(-1) ?? [])].sort()).toEqual(['a:one', 'b:two']);
  });

  it('fetches nothing while unsubscribed, and once for many subscribers', async () => {
    const a = toolServer('one');
    const client = clientOf({ a });
    await client.createAllSessions();
    await idle();
    expect(a.methods()).not.toContain('tools/list');

    const watched = [record(client.tools$), record(client.tools$)];
    await Promise.all(watched.map((each) => each.nth(1)));
    await idle();

    expect(a.methods().filter((method) => method === 'tools/list')).toHaveLength(1);
    expect(watched.map(({ values }) => values.length)).toEqual([1, 1]);
    for (const each of watched) each.stop();
  });

  it('emits the other lists if one server does not respond', async () => {
    const silent = createMemoryServer({
      capabilities: tools,
      prepare: (server) => server.setRequestHandler(ListToolsRequestSchema, () => new Promise(() => {})),
    });
    const client = clientOf({ silent, b: toolServer('two') });
    await client.createAllSessions();

    expect(await firstValueFrom(namesOf(client))).toEqual(['b:two']);
  });
});

describe('client.errors$ and client.gaps$', () => {
  it('emit the values of all sessions with their server, including servers that are added later', async () => {
    const [a, late] = [toolServer(), toolServer()];
    const client = clientOf({ a });
    client.addServer('late', { connector: late.connector({ reconnect }) });
    const errors = record(client.errors$);
    const gaps = record(client.gaps$);
    await client.createAllSessions();

    late.write({ odd: true });
    expect(await errors.nth(1)).toMatchObject({ server: 'late', error: { name: 'InvalidNotificationError' } });
    await a.drop();
    expect(await gaps.nth(1)).toMatchObject({ server: 'a', gap: { cause: { name: 'ConnectionLostError' } } });
    await client.closeAllSessions();
    errors.stop();
    gaps.stop();
  });
});

describe('a disabled server', () => {
  it('is skipped by createAllSessions, and rejected by name', async () => {
    const client = new MCPClient({
      mcpServers: { off: { command: 'no-such-program', disabled: true }, on: { connector: toolServer().connector() } },
    });
    clients.push(client);

    expect(Object.keys(await client.createAllSessions())).toEqual(['on']);
    expect(() => client.session('off')).toThrow(expect.objectContaining({ name: 'ConfigError', server: 'off' }));
    await expect(client.createSession('off')).rejects.toThrow('server "off": disabled');
  });
});

describe('a server behind a connector', () => {
  it.each<[string, unknown, string]>([
    ['is rejected if it is not a connector', { connector: {} }, 'mcpServers.a.connector'],
    [
      'is rejected together with a URL',
      { connector: toolServer().connector(), url: 'http://127.0.0.1/' },
      'mcpServers.a',
    ],
    [
      'is rejected with options of a connector',
      { connector: toolServer().connector(), keepAlive: 1 },
      'mcpServers.a.keepAlive',
    ],
  ])('%s', (_, config, path) => {
    expect(() => new MCPClient({ mcpServers: { a: config as never } })).toThrow(
      expect.objectContaining({ name: 'ConfigError', path, server: 'a' }),
    );
  });
});

describe('closing while connecting', () => {
  it('is not an unhandled rejection', async () => {
    const a = createMemoryServer();
    a.refuse(new Error('down'));
    const client = clientOf({ a });

    // Jest fails a spec with an unhandled rejection.
    void client.createSession('a', { retry: true });
    void client.createAllSessions({ retry: true });
    void client.session('a').connect({ retry: true });
    await idle();
    await client.closeAllSessions();
    await idle();

    expect(a.attempts).toBeGreaterThan(0);
    expect([...client.sessions.keys()]).toEqual([]);
  });

  it('rejects for a caller that waits', async () => {
    const a = createMemoryServer();
    a.refuse(new Error('down'));
    const client = clientOf({ a });
    const created = client.createSession('a', { retry: true });
    await idle();
    await client.closeAllSessions();

    await expect(created).rejects.toMatchObject({ name: 'SessionClosedError', server: 'a' });
  });
});
