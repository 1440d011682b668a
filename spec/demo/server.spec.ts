import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CallToolResultSchema,
  type ClientCapabilities,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { connectOverHttp, connectPlainClient, type PlainClient } from '../rig/plainClient';
import { programArgs } from '../rig/programArgs';
import { runs } from '../rig/runs';
import { type RunningExampleServer, startExampleServer } from '../rig/startExampleServer';

const roots = [{ uri: 'file:///workspace', name: 'Workspace' }];
const capabilities: ClientCapabilities = { roots: { listChanged: true } };

/** Both servers behave alike with the SDK's client. */
const programs = { 'demo/server': 'demo/server/main.ts', 'spec/rig/legacyServer': 'spec/rig/legacyServer/main.ts' };

describe.each(Object.entries(programs))('%s', (_, program) => {
  let server: RunningExampleServer;
  let plain: PlainClient;

  /** Resolves with the first notifications of a method. */
  const those = (method: string, count: number) =>
    firstValueFrom(
      plain.received$.pipe(
        filter((received) => received.method === method),
        take(count),
        toArray(),
      ),
    );
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    CallToolResultSchema.parse(await plain.client.callTool({ name, arguments: args }));
  const start = async (...args: string[]): Promise<void> => {
    server = await startExampleServer({ program, args });
    plain = await connectOverHttp(server.url, capabilities);
    plain.client.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
  };
  /** The stream is open once a notification has arrived on it. */
  const listening = (): Promise<unknown> => those('custom/heartbeat', 1);

  afterEach(async () => {
    await plain.client.close();
    await server.stop();
    expect(runs(server.pid)).toBe(false);
  });

  it('sends a heartbeat', async () => {
    await start('--heartbeat', '5');

    const counts = (await those('custom/heartbeat', 3)).map(({ params }) => Number(params?.count));

    expect(counts).toEqual([counts[0]!, counts[0]! + 1, counts[0]! + 2]);
  });

  it('responds to calls with text, structure, errors and progress', async () => {
    await start();
    const progress: unknown[] = [];

    expect(await call('echo', { text: 'Hi' })).toMatchObject({ content: [{ text: 'Hi' }] });
    expect(await call('add', { a: 1, b: 2 })).toMatchObject({ structuredContent: { sum: 3 } });
    expect(await call('fail')).toMatchObject({ isError: true });
    const long = { name: 'long_task', arguments: { steps: 2, delayMs: 20, name: 'Build' } };
    await plain.client.callTool(long, undefined, { onprogress: (report) => void progress.push(report) });
    expect(progress[0]).toEqual({ progress: 1, total: 2, message: 'Build: step 1 of 2' });
  });

  it('changes its lists and announces it', async () => {
    await start('--heartbeat', '5');
    await listening();
    const names = async () => [
      (await plain.client.listTools()).tools.some(({ name }) => name === 'extra'),
      (await plain.client.listPrompts()).prompts.some(({ name }) => name === 'extra'),
      (await plain.client.listResources()).resources.some(({ name }) => name === 'extra'),
    ];

    for (const there of [true, false]) {
      for (const kind of ['tool', 'prompt', 'resource']) await call(`toggle_${kind}`, { name: 'extra' });
      expect(await names()).toEqual([there, there, there]);
    }
    for (const kind of ['tools', 'prompts', 'resources']) await those(`notifications/${kind}/list_changed`, 2);
  });

  it('sends the requested notifications', async () => {
    await start('--heartbeat', '5');
    await listening();

    await call('burst', { count: 3 });
    await call('emit', { method: 'custom/any', params: { a: 1 }, times: 2 });
    await call('touch_resource', { uri: 'memo://readme' });
    await plain.client.subscribeResource({ uri: 'memo://counter' });
    await call('touch_resource', { uri: 'memo://counter' });
    await plain.client.setLoggingLevel('warning');
    await call('log', { level: 'info', message: 'too low' });
    await call('log', { level: 'error', message: 'received' });

    expect((await those('custom/tick', 3)).map(({ params }) => params)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await those('custom/any', 2)).toEqual(Array(2).fill({ method: 'custom/any', params: { a: 1 } }));
    expect(await those('notifications/resources/updated', 1)).toMatchObject([{ params: { uri: 'memo://counter' } }]);
    expect(await those('notifications/message', 1)).toMatchObject([{ params: { level: 'error', data: 'received' } }]);
    const { contents } = await plain.client.readResource({ uri: 'memo://counter' });
    expect(contents).toMatchObject([{ text: 'memo://counter, touched 1 times' }]);
  });

  it("reads the client's roots on request and on changes", async () => {
    await start('--heartbeat', '5');
    await listening();

    expect(await call('read_roots')).toMatchObject({ structuredContent: { roots } });
    await plain.client.sendRootsListChanged();

    expect(await those('custom/roots-read', 1)).toMatchObject([{ params: { roots } }]);
  });

  it('completes arguments of a template and a prompt', async () => {
    await start();

    const { resourceTemplates } = await plain.client.listResourceTemplates();
    const { completion } = await plain.client.complete({
      ref: { type: 'ref/prompt', name: 'greet' },
      argument: { name: 'language', value: 'd' },
    });

    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'memo://note/{id}' }]);
    expect((await plain.client.readResource({ uri: 'memo://note/7' })).contents).toHaveLength(1);
    await expect(plain.client.readResource({ uri: 'memo://nothing' })).rejects.toMatchObject({ code: -32002 });
    expect(completion.values).toEqual(['danish', 'dutch']);
  });

  it('shuts down gracefully and restarts on the same port', async () => {
    await start('--heartbeat', '5');
    await listening();
    const { port, url } = server;

    await server.stop();
    await those('custom/bye', 1);

    server = await startExampleServer({ program, port });
    expect(server.url).toBe(url);
    await expect(plain.client.ping()).rejects.toMatchObject({ code: 404 });
  });

  it('exits on request, and prints why it cannot start', async () => {
    await start();

    await expect(startExampleServer({ program, port: server.port })).rejects.toThrow('EADDRINUSE');
    await expect(call('crash')).rejects.toThrow();
  });

  it('accepts only the configured origin', async () => {
    await start('--origin', 'http://127.0.0.1:1');
    const ask = (method: string, origin: string) => fetch(server.url, { method, headers: { origin } });

    const [preflight, own, foreign] = await Promise.all([
      ask('OPTIONS', 'http://127.0.0.1:1'),
      ask('DELETE', 'http://127.0.0.1:1'),
      ask('DELETE', 'http://127.0.0.1:2'),
    ]);

    expect([preflight.status, own.status, foreign.status]).toEqual([204, 400, 403]);
    for (const { headers } of [preflight, own]) {
      expect(headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:1');
      expect(headers.get('access-control-expose-headers')).toContain('mcp-session-id');
    }
    expect(foreign.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('serves stdio', async () => {
    await start();
    const command = [...programArgs(program), '--stdio', '--heartbeat', '5'];
    const transport = new StdioClientTransport({ command: process.execPath, args: command });
    plain = await connectPlainClient(transport, capabilities);
    const pid = transport.pid!;
    await those('custom/heartbeat', 1);

    process.kill(pid, 'SIGTERM');

    await those('custom/bye', 1);
    await firstValueFrom(plain.closed$);
    expect(runs(pid)).toBe(false);
  });

  if (program === programs['demo/server']) {
    it('reports invalid arguments to the model, as a result', async () => {
      await start();

      expect(await call('add', { a: 'one' })).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/^add: invalid arguments/) }],
      });
    });

    it('shows a change by one client to all clients', async () => {
      await start('--heartbeat', '5');
      await listening();
      const other = await connectOverHttp(server.url, capabilities);

      await other.client.callTool({ name: 'toggle_tool', arguments: { name: 'extra' } });

      await those('notifications/tools/list_changed', 1);
      expect((await plain.client.listTools()).tools.map(({ name }) => name)).toContain('extra');
      await other.client.close();
    });

    it('serves only the era of --era', async () => {
      await start('--era', 'legacy');
      const discover = { jsonrpc: '2.0', id: 1, method: 'server/discover', params: {} };
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
      };

      const { status } = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(discover) });

      expect(status).toBe(400);
      await expect(startExampleServer({ program, args: ['--era', 'stone'] })).rejects.toThrow(
        'expected legacy or modern',
      );
    });
  } else {
    it('rejects invalid arguments', async () => {
      await start();

      await expect(call('add', { a: 'one' })).rejects.toMatchObject({ code: -32602 });
    });

    it('paginates long lists', async () => {
      await start('--many', '60');

      const first = await plain.client.listResources();
      const second = await plain.client.listResources({ cursor: first.nextCursor });

      expect([first.resources.length, second.resources.length, second.nextCursor]).toEqual([50, 13, undefined]);
      expect(new Set([...first.resources, ...second.resources].map(({ uri }) => uri)).size).toBe(63);
      await expect(plain.client.listTools({ cursor: 'no such' })).rejects.toMatchObject({ code: -32602 });
    });
  }
});
