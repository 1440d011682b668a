import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { setImmediate } from 'node:timers/promises';
import { HttpConnector, MCPSession, TransportConnector } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, Subject } from 'rxjs';
import { programArgs } from '../../rig/programArgs';
import { startLegacyServer } from '../../rig/startLegacyServer';
import { useStage } from '../../rig/useStage';
import { openMemorySession } from '../../rig/openMemorySession';

const flags = ['--many', '120', '--heartbeat', '0'];
const example = [...programArgs('spec/rig/legacyServer/main.ts'), '--stdio', ...flags];
let ends: (() => Promise<void>)[];
let session: MCPSession;

describe.each(['http', 'stdio'])('the methods of a session, with a real server over %s', (transport) => {
  beforeAll(async () => {
    ends = [];
    if (transport === 'http') {
      const server = await startLegacyServer({ args: flags });
      ends.push(() => server.stop());
      session = new MCPSession(new HttpConnector(server.url, { roots: [{ uri: 'file:///a' }] }));
    } else {
      session = new MCPSession(
        new StdioConnector({ command: process.execPath, args: example }, { roots: [{ uri: 'file:///a' }] }),
      );
    }
    ends.unshift(() => session.disconnect());
    await session.connect();
  });

  afterAll(async () => {
    for (const end of ends) await end();
  });

  it('list all pages', async () => {
    const tools = await session.listTools();
    const prompts = await session.listPrompts();
    const resources = await session.listAllResources();
    const templates = await session.listResourceTemplates();

    expect(tools.filter(({ name }) => name.startsWith('many_'))).toHaveLength(120);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    expect([prompts.length, resources.length]).toEqual([122, 123]);
    expect(templates).toMatchObject([{ uriTemplate: 'memo://note/{id}' }]);
  });

  it('call tools, with text, structured and error results', async () => {
    expect(await session.callTool('echo', { text: 'hello' })).toMatchObject({ content: [{ text: 'hello' }] });
    expect(await session.callTool('add', { a: 1, b: 2 })).toMatchObject({ structuredContent: { sum: 3 } });
    expect(await session.callTool('fail')).toMatchObject({ isError: true });
    expect(await session.callTool('read_roots')).toMatchObject({
      structuredContent: { roots: [{ uri: 'file:///a' }] },
    });
  });

  it('read resources, get prompts, complete arguments, and ping', async () => {
    const { contents } = await session.readResource('memo://readme');
    const { messages } = await session.getPrompt('greet', { name: 'Ada', language: 'danish' });
    const ref = { type: 'ref/prompt' as const, name: 'greet' };
    const { completion } = await session.complete({ ref, argument: { name: 'language', value: 'd' } });

    expect(contents).toMatchObject([{ uri: 'memo://readme', text: 'memo://readme, touched 0 times' }]);
    expect(messages).toMatchObject([{ content: { text: 'Greet Ada in danish' } }]);
    expect(completion.values).toEqual(['danish', 'dutch']);
    expect(await session.ping()).toBeUndefined();
  });

  it('send any request and any notification', async () => {
    const { prompts } = await session.request('prompts/list', {});
    await session.notify('custom/anything', { a: 1 });

    expect(prompts).toHaveLength(50);
    await expect(session.request('custom/unknown')).rejects.toMatchObject({ name: 'ServerError', code: -32601 });
  });

  it("reject with the server's error", async () => {
    await expect(session.readResource('memo://nowhere')).rejects.toMatchObject({
      name: 'ServerError',
      code: -32002,
      message: 'Resource not found',
      data: { uri: 'memo://nowhere' },
    });
    await expect(session.callTool('nowhere')).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
    await expect(session.getPrompt('nowhere')).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
  });

  it('reject arguments that JSON cannot represent, and send nothing', async () => {
    const round: Record<string, unknown> = {};
    round['self'] = round;

    const invalid = { big: 1n, self: round, deep: [{ log: console.log }], at: NaN, key: Symbol('key') };
    for (const [name, value] of Object.entries(invalid)) {
      await expect(session.callTool('echo', { [name]: value })).rejects.toMatchObject({
        name: 'ConfigError',
        path: expect.stringContaining(`params.arguments.${name}`),
        retryable: false,
      });
    }
    await expect(session.notify('custom/x', { big: 1n })).rejects.toMatchObject({ path: 'params.big' });
    const valid = { text: 'hello', at: new Date(0), url: new URL('file:///a'), none: undefined };
    await expect(session.callTool('echo', valid)).resolves.toMatchObject({ content: [{ text: 'hello' }] });
    await session.ping();
  });

  it('set the log level', async () => {
    const received: unknown[] = [];
    const subscription = session.notifications$.subscribe(({ method, params }) => {
      if (method === 'notifications/message') received.push(params?.['level']);
    });

    await session.setLoggingLevel('error');
    await session.callTool('log', { level: 'info', message: 'a' });
    await session.callTool('log', { level: 'critical', message: 'b' });
    await session.callTool('echo', { text: 'after' });
    await session.callTool('read_roots');
    subscription.unsubscribe();

    expect(received).toEqual(['critical']);
  });

  it('are all cancelled by a signal', async () => {
    const options = { signal: AbortSignal.abort('no') };
    const calls = [
      session.listTools(options),
      session.listPrompts(options),
      session.listAllResources(options),
      session.listResourceTemplates(options),
      session.callTool('echo', { text: 'a' }, options),
      session.readResource('memo://readme', options),
      session.getPrompt('greet', {}, options),
      session.complete({ ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'a', value: '' } }, options),
      session.ping(options),
      session.setLoggingLevel('info', options),
      session.request('custom/unknown', {}, options),
    ];

    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'RequestCancelledError', cause: 'no' });
  });
});

describe('a structured result', () => {
  it('is rejected if it does not match its output schema, for a tool on any page', async () => {
    const page = (from: string, nextCursor?: string) => ({
      tools: [
        {
          name: from,
          inputSchema: { type: 'object' as const },
          outputSchema: { type: 'object' as const, properties: { sum: { type: 'number' } }, required: ['sum'] },
        },
      ],
      nextCursor,
    });
    const { memory, session } = openMemorySession({
      prepare: (server) =>
        server.setRequestHandler(ListToolsRequestSchema, ({ params }) =>
          params?.cursor === undefined ? page('first', 'next') : page('second'),
        ),
    });
    await session.connect();
    await session.listTools();

    for (const name of ['first', 'second']) {
      for (const [structuredContent, fits] of [
        [{ sum: 1 }, true],
        [{ sum: 'one' }, false],
        [undefined, false],
      ] as const) {
        const call = session.callTool(name);
        const { id } = { id: undefined, ...memory.received.at(-1) };
        memory.write({ jsonrpc: '2.0', id, result: { content: [], structuredContent } });
        if (fits) expect(await call).toMatchObject({ structuredContent });
        else await expect(call).rejects.toMatchObject({ name: 'InvalidResultError', result: { structuredContent } });
      }
    }
    await session.disconnect();
  });
});

describe('a list of many pages', () => {
  const slowPages = () => {
    const { scheduler, advance } = virtualTime();
    const opened = openMemorySession({
      session: { scheduler },
      prepare: (server) => server.setRequestHandler(ListToolsRequestSchema, () => new Promise(() => undefined)),
    });
    /** Responds to the latest request for a page. */
    const answer = (nextCursor?: string): void => {
      const { id } = { id: undefined, ...opened.memory.received.at(-1) };
      opened.memory.write({ jsonrpc: '2.0', id, result: { tools: [], nextCursor } });
    };
    return { ...opened, advance, answer };
  };

  it.each(['timeout', 'maxTotalTimeout'])('applies `%s` to all pages together', async (limit) => {
    const { session, advance, answer, memory } = slowPages();
    await session.connect();
    const list = session.listTools({ [limit]: 150 });
    const outcome = expect(list).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 150 });

    await advance(99);
    answer('a');
    await advance(51);

    await outcome;
    expect(memory.methods().slice(2)).toEqual(['tools/list', 'tools/list', 'notifications/cancelled']);
    await session.disconnect();
  });

  it('rejects a repeated cursor', async () => {
    const { session, answer, advance } = slowPages();
    await session.connect();
    const list = session.listTools();
    const outcome = expect(list).rejects.toMatchObject({
      name: 'ServerError',
      message: 'tools/list: pagination does not terminate (repeated cursor)',
      data: { nextCursor: 'a' },
    });

    for (const cursor of ['a', 'b', 'a']) {
      await advance(0);
      answer(cursor);
    }

    await outcome;
    await session.disconnect();
  });

  it('rejects an invalid option before anything is sent', async () => {
    const { session, memory } = slowPages();
    await session.connect();

    await expect(session.listTools({ timeout: -1 })).rejects.toMatchObject({ name: 'ConfigError' });
    expect(memory.methods()).not.toContain('tools/list');
    await session.disconnect();
  });
});

describe('a call without a connection', () => {
  const stage = useStage();

  it('waits through a restart of the server', async () => {
    const server = await stage.server();
    const { session, statuses, until } = await stage.connected(server.url);
    await server.kill();
    await until(() => statuses.at(-1)!.state === 'reconnecting');

    const calls = [session.callTool('echo', { a: 1 }), session.listTools(), session.ping(), session.notify('custom/x')];
    await server.restart();

    expect((await Promise.all(calls))[0]).toMatchObject({ content: [{ text: '{"a":1}' }] });
    expect((await server.counts()).messages).toMatchObject({ 'tools/call': 1, 'custom/x': 1 });
  });

  it('is resent once if the server forgot the session', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);
    await server.forgetSessions({ keepStreams: true });

    expect(await session.callTool('echo', { a: 1 })).toMatchObject({ content: [{ text: '{"a":1}' }] });
    expect(await server.counts()).toMatchObject({ sessionsOpened: 2, messages: { 'tools/call': 2 } });
  });

  it('is resent if the stream reports the forgotten session before the rejection of the call is verified', async () => {
    const server = await stage.server();
    const released = new Subject<void>();
    let checks = 0;
    const holdFirstCheck: typeof fetch = async (input, init) => {
      const isCheck = typeof init?.body === 'string' && init.body.includes('rx-mcp-alive');
      if (isCheck && ++checks === 1) {
        await server.endGet();
        await firstValueFrom(released, { defaultValue: undefined });
      }
      return fetch(input, init);
    };
    const { session } = await stage.connected(server.url, { fetch: holdFirstCheck });
    await server.forgetSessions({ keepStreams: true });

    expect(await session.callTool('echo', { a: 1 })).toMatchObject({ content: [{ text: '{"a":1}' }] });
    released.complete();
    expect(checks).toBe(2);
    expect(await server.counts()).toMatchObject({ sessionsOpened: 2, messages: { 'tools/call': 2 } });
  });

  it("fails immediately with `offline: 'fail'`", async () => {
    const server = await stage.server();
    const { session, statuses, until } = await stage.connected(server.url, {}, { offline: 'fail' });
    await server.kill();
    await until(() => statuses.at(-1)!.state === 'reconnecting');

    const offline = (operation: string): object => ({
      name: 'ConnectionLostError',
      message: `${operation}: sending failed (not connected)`,
      retryable: true,
    });
    await expect(session.callTool('echo')).rejects.toMatchObject(offline('tools/call "echo"'));
    await expect(session.notify('custom/x')).rejects.toMatchObject(offline('custom/x'));
    await server.restart();
    await until(() => statuses.at(-1)!.state === 'connected');
    await session.ping();
  });
});

describe('a call that is made before connect()', () => {
  it('waits for the connection', async () => {
    const { memory, session } = openMemorySession();
    const calls = [session.ping(), session.notify('custom/x'), firstValueFrom(session.request$('ping'))];
    await setImmediate();
    expect(memory.attempts).toBe(0);

    await session.connect();

    expect(await Promise.all(calls)).toHaveLength(3);
    expect(memory.methods().sort()).toEqual(
      ['initialize', 'notifications/initialized', 'custom/x', 'ping', 'ping'].sort(),
    );
    await session.disconnect();
  });

  it('rejects after its timeout and names the missing connect()', async () => {
    const { scheduler, advance } = virtualTime();
    const { session } = openMemorySession({ session: { scheduler } });
    const outcome = expect(session.ping({ timeout: 300 })).rejects.toMatchObject({
      name: 'RequestTimeoutError',
      message: 'ping: timed out after 300 ms (no response; the session was never connected: call connect())',
    });

    await advance(300);

    await outcome;
  });

  it("names the missing connect() with `offline: 'fail'`", async () => {
    const { session } = openMemorySession({ session: { offline: 'fail' } });
    const outcome = (operation: string): object => ({
      name: 'ConnectionLostError',
      message: `${operation}: sending failed (the session was never connected: call connect())`,
    });

    await expect(session.ping()).rejects.toMatchObject(outcome('ping'));
    await expect(session.notify('custom/x')).rejects.toMatchObject(outcome('custom/x'));
    await expect(firstValueFrom(session.callTool$('echo'))).rejects.toMatchObject(outcome('tools/call "echo"'));
  });

  it('rejects after its timeout with the state connecting', async () => {
    const { scheduler, advance } = virtualTime();
    const session = new MCPSession(new TransportConnector(() => new Promise<never>(() => undefined)), { scheduler });
    session.connect().catch(() => undefined);
    const outcome = expect(session.ping({ timeout: 300 })).rejects.toMatchObject({
      message: 'ping: timed out after 300 ms (no response; the session is connecting)',
    });

    await advance(300);

    await outcome;
    await session.disconnect();
  });

  it('rejects when the session is disconnected', async () => {
    const { session } = openMemorySession();
    const outcome = expect(session.ping()).rejects.toMatchObject({ name: 'SessionClosedError', retryable: false });

    await session.disconnect();

    await outcome;
  });

  it("fails immediately with `offline: 'fail'`", async () => {
    const { session } = openMemorySession({ session: { offline: 'fail' } });

    await expect(session.ping()).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
  });
});

describe('a call on a session that closed with an error', () => {
  it.each(['wait', 'fail'] as const)('fails immediately with that error (`offline: %j`)', async (offline) => {
    const { memory, session } = openMemorySession({ session: { offline }, options: { reconnect: false } });
    await session.connect();
    await memory.drop();

    const closed = { name: 'SessionClosedError', retryable: false, cause: { name: 'ConnectionLostError' } };
    await expect(session.ping()).rejects.toMatchObject(closed);
    await expect(session.notify('custom/x')).rejects.toMatchObject(closed);
    await expect(session.listTools()).rejects.toMatchObject(closed);

    await session.connect();
    expect(await session.ping()).toBeUndefined();
    await session.disconnect();
  });
});
