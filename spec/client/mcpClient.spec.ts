import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, MCPClient, type MCPClientConfig, type Notification, type ServerNotificationEvent } from 'rx-mcp';
import { filter, firstValueFrom, map, take, toArray } from 'rxjs';
import { programArgs } from '../rig/programArgs';
import type { RunningExampleServer } from '../rig/startExampleServer';
import { startLegacyServer } from '../rig/startLegacyServer';

const stdio = { command: process.execPath, args: [...programArgs('spec/rig/legacyServer/main.ts'), '--stdio'] };

let server: RunningExampleServer;
const clients: MCPClient[] = [];

beforeAll(async () => {
  server = await startLegacyServer({ args: ['--heartbeat', '50'] });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.closeAllSessions()));
});

afterAll(() => server.stop());

function open(config: MCPClientConfig, options?: ConstructorParameters<typeof MCPClient>[1]): MCPClient {
  const client = new MCPClient(config, options);
  clients.push(client);
  return client;
}

describe('sessions by name', () => {
  it('returns the same session until it is closed, then a new one', async () => {
    const client = open({ mcpServers: { web: { url: server.url } } });
    const session = client.session('web');
    expect(await client.createSession('web')).toBe(session);
    expect(await client.createSession('web')).toBe(session);
    expect(client.getSession('web')).toBe(session);
    expect([...client.sessions.keys()]).toEqual(['web']);
    await client.closeSession('web');
    expect(client.getSession('web')).toBeUndefined();
    expect(client.session('web')).not.toBe(session);
  });

  it('forgets a session that was disconnected directly', async () => {
    const client = open({ mcpServers: { web: { url: server.url } } });
    const session = await client.createSession('web');
    await session.disconnect();
    expect(client.getSession('web')).toBeUndefined();
    expect(await (await client.createSession('web')).listTools()).not.toHaveLength(0);
  });

  it('emits everything to subscribers that subscribe before connecting', async () => {
    const client = open({ mcpServers: { web: { url: server.url } } });
    const first = firstValueFrom(
      client.session('web').notifications$.pipe(filter((n) => n.method === 'custom/heartbeat')),
    );
    await client.createSession('web');
    expect((await first).params).toEqual({ count: 1 });
  });

  it('names an unknown server', () => {
    const client = open({ mcpServers: {} });
    expect(() => client.session('nobody')).toThrow(ConfigError);
    expect(() => client.session('nobody')).toThrow('"nobody"');
  });
});

describe('all servers', () => {
  it('connects concurrently over HTTP and stdio, and merges notifications with their server', async () => {
    const client = open({ mcpServers: { web: { url: server.url }, program: stdio } });
    const fromEach = ['web', 'program'].map((name) =>
      firstValueFrom(
        client.notifications$.pipe(
          filter((event) => event.server === name && event.notification.method === 'custom/heartbeat'),
          map(({ notification }) => notification.params?.['count']),
          take(3),
          toArray(),
        ),
      ),
    );
    const sessions = await client.createAllSessions();
    expect(Object.keys(sessions)).toEqual(['web', 'program']);
    expect(await Promise.all(fromEach)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('rejects with all failures and their servers, and keeps the other sessions', async () => {
    const client = open({
      mcpServers: {
        good: { url: server.url },
        gone: { url: 'http://127.0.0.1:9/mcp' },
        missing: { command: 'no-such-command-here' },
      },
    });
    const failure: unknown = await client.createAllSessions().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    const { errors } = failure as AggregateError;
    expect(errors).toEqual([
      expect.objectContaining({ name: 'ConnectionFailedError', server: 'gone' }),
      expect.objectContaining({ name: 'ConnectionFailedError', server: 'missing', retryable: false }),
    ]);
    expect(await client.session('good').listPrompts()).not.toHaveLength(0);
  });

  it('waits for servers that start later only with retry: true', async () => {
    let refusals = 3;
    const late: typeof fetch = (...request) =>
      refusals-- > 0 ? Promise.reject(new TypeError('nobody there yet')) : fetch(...request);
    const reconnect = { initialDelay: 0 };
    const client = open({
      mcpServers: { web: { url: server.url }, late: { url: server.url, fetch: late, reconnect } },
    });
    await expect(client.createAllSessions()).rejects.toMatchObject({ errors: [{ server: 'late' }] });
    const sessions = await client.createAllSessions({ retry: true });
    expect(Object.keys(sessions)).toEqual(['web', 'late']);
    expect(await sessions['late']!.listPrompts()).not.toHaveLength(0);
    await client.closeSession('late');

    refusals = 2;
    await expect(client.createSession('late')).rejects.toMatchObject({ name: 'ConnectionFailedError', server: 'late' });
    const session = await client.createSession('late', { retry: true });
    expect(await session.listPrompts()).not.toHaveLength(0);
  });

  it('emits the status of each by name', async () => {
    const client = open({ mcpServers: { web: { url: server.url } } });
    const seen: string[] = [];
    client.status$.subscribe((statuses) =>
      seen.push([...statuses].map(([name, { state }]) => `${name} ${state}`).join()),
    );
    await client.createSession('web');
    client.addServer('more', { url: server.url });
    await client.removeServer('web');
    expect(seen[0]).toBe('web idle');
    expect(seen).toContain('web connecting');
    expect(seen).toContain('web connected,more idle');
    expect(seen.at(-1)).toBe('more idle');
    expect([...client.sessions]).toEqual([]);
  });

  it('never emits the same statuses twice in a row, except when a server is added or removed', async () => {
    const client = open({ mcpServers: { a: { url: server.url }, b: { url: server.url } } });
    const seen: unknown[] = [];
    client.status$.subscribe((statuses) => seen.push(Object.fromEntries(statuses)));
    const idle = { state: 'idle' };

    client.session('a');
    client.session('b');
    client.addServer('c', { url: server.url });
    client.session('c');
    await client.removeServer('nobody');
    await client.removeServer('c');
    await client.closeSession('b');
    client.session('b');

    expect(seen).toEqual([
      { a: idle, b: idle },
      { a: idle, b: idle, c: idle },
      { a: idle, b: idle },
      { a: idle, b: { state: 'closed' } },
      { a: idle, b: idle },
    ]);
  });
});

describe('an unknown name', () => {
  it('is a ConfigError where a session is needed, and has no effect where one is closed', async () => {
    const client = open({ mcpServers: { files: { url: server.url } } });
    const seen: unknown[] = [];
    client.status$.subscribe((statuses) => seen.push(Object.fromEntries(statuses)));
    const unknown = { name: 'ConfigError', message: 'server "filse": not configured; did you mean "files"?' };

    expect(() => client.session('filse')).toThrow(expect.objectContaining(unknown));
    await expect(client.createSession('filse')).rejects.toMatchObject(unknown);
    expect(client.getSession('filse')).toBeUndefined();
    await expect(client.closeSession('filse')).resolves.toBeUndefined();
    await expect(client.removeServer('filse')).resolves.toBeUndefined();
    await client.removeServer('files');
    await expect(client.removeServer('files')).resolves.toBeUndefined();

    expect(seen).toEqual([{ files: { state: 'idle' } }, {}]);
  });
});

describe('onNotification', () => {
  it('is the default for all servers and can be overridden per server', async () => {
    const received = { root: [] as Notification[], own: [] as Notification[] };
    const client = open({
      onNotification: (notification) => void received.root.push(notification),
      mcpServers: {
        plain: { url: server.url },
        own: { url: server.url, onNotification: (notification) => void received.own.push(notification) },
      },
    });
    const events: ServerNotificationEvent[] = [];
    client.notifications$.subscribe((event) => events.push(event));
    const both = firstValueFrom(
      client.notifications$.pipe(filter(() => new Set(events.map(({ server: name }) => name)).size === 2)),
    );
    await client.createAllSessions();
    await both;
    const of = (name: string) =>
      events.filter((event) => event.server === name).map(({ notification }) => notification);
    expect(received.root).toEqual(of('plain'));
    expect(received.own).toEqual(of('own'));
  });

  it('overrides that of the configuration if it is in the second argument', async () => {
    const received: string[] = [];
    const client = open(
      { onNotification: () => void received.push('config'), mcpServers: { web: { url: server.url } } },
      { onNotification: () => void received.push('options') },
    );
    const first = firstValueFrom(client.session('web').notifications$);
    await client.createSession('web');
    await first;
    expect(new Set(received)).toEqual(new Set(['options']));
  });
});

describe('an invalid configuration', () => {
  it.each<[string, unknown, string, string | undefined]>([
    ['no servers', {}, 'mcpServers', undefined],
    ['a server that is not an object', { mcpServers: { a: 7 } }, 'mcpServers.a', 'a'],
    ['neither url nor command', { mcpServers: { a: {} } }, 'mcpServers.a', 'a'],
    ['both url and command', { mcpServers: { a: { url: 'http://x', command: 'y' } } }, 'mcpServers.a', 'a'],
    ['a URL with another scheme', { mcpServers: { a: { url: 'ftp://x' } } }, 'mcpServers.a.url', 'a'],
    ['an empty command', { mcpServers: { a: { command: '' } } }, 'mcpServers.a.command', 'a'],
    [
      'an argument that is not a string',
      { mcpServers: { a: { command: 'x', args: [1] } } },
      'mcpServers.a.args.0',
      'a',
    ],
    [
      'a root that is not a file URI',
      { mcpServers: { a: { url: 'http://x', roots: [{ uri: 'http://y' }] } } },
      'mcpServers.a.roots.0.uri',
      'a',
    ],
    [
      'a handler that is not a function',
      { mcpServers: { a: { url: 'http://x', onNotification: 1 } } },
      'mcpServers.a.onNotification',
      'a',
    ],
  ])('is rejected with path and reason: %s', (_, config, path, name) => {
    const make = () => new MCPClient(config as MCPClientConfig);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(expect.objectContaining({ path, retryable: false, ...(name && { server: name }) }));
    if (!name) expect(make).not.toThrow(expect.objectContaining({ server: expect.anything() as unknown }));
    expect(make).toThrow(path);
  });

  it('is rejected by addServer, which adds nothing', () => {
    const client = open({ mcpServers: { a: { url: server.url } } });
    expect(() => client.addServer('b', { url: 'no url' })).toThrow(ConfigError);
    expect(() => client.addServer('a', { url: server.url })).toThrow('"a"');
    expect(() => client.session('b')).toThrow(ConfigError);
  });
});

describe('fromConfigFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-mcp-config-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function write(text: string): string {
    const path = join(folder, 'servers.json');
    writeFileSync(path, text);
    return path;
  }

  it('creates a client with the servers of the file', async () => {
    const client = await MCPClient.fromConfigFile(
      write(`\uFEFF${JSON.stringify({ mcpServers: { web: { url: server.url } } })}`),
    );
    clients.push(client);
    expect(await (await client.createSession('web')).callTool('echo', { text: 'hello' })).toMatchObject({
      content: [{ type: 'text', text: 'hello' }],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no configuration', '{"mcpServers": []}'],
    ['an invalid server', '{"mcpServers": {"a": {"url": 1}}}'],
  ])('names an invalid file: %s', async (_, text) => {
    const path = write(text);
    const failed = MCPClient.fromConfigFile(path);
    await expect(failed).rejects.toBeInstanceOf(ConfigError);
    await expect(failed).rejects.toThrow(path);
  });

  it('names a missing file', async () => {
    await expect(MCPClient.fromConfigFile(join(folder, 'none.json'))).rejects.toThrow('none.json');
  });
});
