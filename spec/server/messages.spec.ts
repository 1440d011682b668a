import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { ConfigError, type MCPError } from 'rx-mcp';
import {
  type CallContext,
  log,
  MCPServer,
  notification,
  progress,
  prompt,
  resource,
  ServerError,
  type ServerSession,
  tool,
} from 'rx-mcp/server';
import { concat, firstValueFrom, type Observable, of } from 'rxjs';
import { z } from 'zod';
import { serve, until } from './rig/serve';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

const notJson: [string, unknown][] = [
  ['a BigInt', 1n],
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['Map', new Map([['a', 1]])],
  ['Promise', Promise.resolve(1)],
  ['a cycle', circular],
];

type Emit = (value: unknown, ctx: CallContext) => Observable<object | string>;

/** Each way in which a call sends a value before its result, and the error for a BigInt. */
const messages: Record<string, { emit: Emit; error: string }> = {
  'ctx.notify': {
    emit: (n, ctx) => (ctx.notify('custom/x', { deep: [{ n }] }), of('done')),
    error: 'custom/x: params.deep.0.n: expected a JSON value, got a BigInt',
  },
  'ctx.log': {
    emit: (n, ctx) => (ctx.log('info', { n }), of('done')),
    error: 'notifications/message: params.data.n: expected a JSON value, got a BigInt',
  },
  'ctx.progress': {
    emit: (n, ctx) => (ctx.progress(n as number), of('done')),
    error: 'progress: expected a finite number, got bigint',
  },
  'the total of ctx.progress': {
    emit: (n, ctx) => (ctx.progress(1, n as number), of('done')),
    error: 'notifications/progress: params.total: expected a JSON value, got a BigInt',
  },
  notification: {
    emit: (n) => concat(of(notification('custom/x', { n })), of('done')),
    error: 'custom/x: params.n: expected a JSON value, got a BigInt',
  },
  log: {
    emit: (n) => concat(of(log('info', n)), of('done')),
    error: 'notifications/message: params.data: expected a JSON value, got a BigInt',
  },
  progress: {
    emit: (n) => concat(of(progress(1, undefined, n as string)), of('done')),
    error: 'notifications/progress: params.message: expected a JSON value, got a BigInt',
  },
};

interface Harness {
  server: MCPServer;
  errors: MCPError[];
  /** Calls a tool. Resolves with the text of its result. */
  call(name: string): Promise<string>;
  seen: string[];
  close(): Promise<void>;
}

/** The ways to reach a server. */
const wires: Record<string, (server: MCPServer) => Promise<Omit<Harness, 'server' | 'errors'>>> = {
  'over HTTP': async (server) => {
    const served = await serve(server);
    const { close, ...rest } = await withClient(
      new LegacyClient({ name: 'spec', version: '1' }),
      new LegacyHttp(served.url),
    );
    return { ...rest, close: () => close().then(() => served.close()) };
  },
  'over a transport': async (server) => {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    void server.connect(serverSide);
    return withClient(new LegacyClient({ name: 'spec', version: '1' }), clientSide);
  },
  'of 2026-07-28': async (server) => {
    const served = await serve(server);
    const client = new Client(
      { name: 'spec', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { sampling: {} } },
    );
    const { close, ...rest } = await withClient(client, new StreamableHTTPClientTransport(served.url));
    return { ...rest, close: () => close().then(() => served.close()) };
  },
};

async function withClient(client: LegacyClient | Client, transport: unknown) {
  const seen: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void seen.push(method);
  await client.connect(transport as never);
  const call = async (name: string): Promise<string> => {
    const meta = { progressToken: 7, 'io.modelcontextprotocol/logLevel': 'debug' };
    const { content } = await client.callTool({ name, arguments: {}, _meta: meta });
    return (content as { text: string }[])[0]!.text;
  };
  return { seen, call, close: () => client.close() };
}

describe.each(Object.keys(wires))('a message %s that JSON cannot represent', (wire) => {
  let harness: Harness;
  const open = async (server: MCPServer) => {
    const errors: MCPError[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    harness = { server, errors, ...(await wires[wire]!(server)) };
    return harness;
  };
  afterEach(() => harness.close());

  it.each(Object.entries(messages))(
    'is reported with method and path, and does not end the call: %s',
    async (_, given) => {
      const { emit, error } = given;
      const server = new MCPServer(
        { name: 'spec', version: '1' },
        {
          tools: [
            tool('bad', {}, (_args, ctx) => emit(1n, ctx)),
            tool('good', {}, (_args, ctx) => (ctx.notify('custom/good'), 'good')),
          ],
        },
      );
      const { call, errors, seen } = await open(server);
      expect(await call('bad')).toBe('done');
      expect(errors).toEqual([expect.any(ConfigError)]);
      expect(errors[0]!.message).toBe(error);
      expect(await call('good')).toBe('good');
      await until(() => seen.includes('custom/good'), 'the notification');
      expect(seen).toEqual(['custom/good']);
    },
  );

  it.each(notJson)('is reported for each kind of value: %s', async (name, value) => {
    const bad = tool('bad', {}, () => of(notification('custom/x', { value }), 'done'));
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [bad] }));
    expect(await call('bad')).toBe('done');
    const path = name === 'a cycle' ? 'params.value.self' : 'params.value';
    expect(errors).toMatchObject([{ name: 'ConfigError', path }]);
    expect(errors[0]!.message).toBe(`custom/x: ${path}: expected a JSON value, got ${name}`);
  });

  it.each<[path: string, value: object]>([
    ['progress', progress('x' as never)],
    ['progress', progress(undefined as never)],
    ['params.total', progress(1, '2' as never)],
    ['params.message', progress(1, 2, 3 as never)],
    ['params.logger', log('info', 'x', 7 as never)],
    ['method', notification(7 as never)],
    ['params', notification('custom/x', 'text' as never)],
  ])('is reported if a member has the wrong type: %s (%#)', async (path, value) => {
    const bad = tool('bad', {}, () => of(value, 'done'));
    const { call, errors, seen } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [bad] }));
    expect(await call('bad')).toBe('done');
    expect(errors).toMatchObject([{ name: 'ConfigError', path }]);
    expect(seen).toEqual([]);
  });

  it('fails the call that asks the user with it', async () => {
    const asks: [path: string, params: object][] = [
      ['elicit$.message', { schema: {} }],
      ['elicit$.mesage', { mesage: 'Sure?', schema: {} }],
      ['elicit$.requestedSchema', { message: 'Sure?', requestedSchema: {} }],
      ['elicit$.url', { message: 'Sure?', url: 7, elicitationId: 'a' }],
      ['elicit$.elicitationId', { message: 'Sure?', url: 'https://a.test' }],
      ['elicit$.schema', { message: 'Sure?' }],
      ['elicit$', 'Sure?' as never],
    ];
    const tools = asks.map(([path, params]) => tool(path, {}, (_, ctx) => ctx.elicit$('key', params as never)));
    const { call } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools }));
    for (const [path] of asks) expect(await call(path)).toMatch(new RegExp(`^${path.replace('$', '\\$')}: `));
  });

  it('is an internal error if it is the code of an error', async () => {
    const fail = tool('fail', {}, () => {
      throw new ServerError('failed', { code: 'x' as never });
    });
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [fail] }));
    await expect(call('fail')).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('failed') });
    expect(errors).toMatchObject([{ name: 'ConfigError', path: 'error.code' }]);
  });

  it('is an internal error if an error has no code', async () => {
    const fail = tool('fail', {}, () => {
      throw new (ServerError as new (message: string) => ServerError)('failed');
    });
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [fail] }));
    await expect(call('fail')).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('failed') });
    expect(errors).toEqual([]);
  });

  it('is reported if the level of a log is unknown', async () => {
    const bad = tool('bad', {}, () => of(log('warn' as never, 'x'), 'done'));
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [bad] }));
    expect(await call('bad')).toBe('done');
    expect(errors).toMatchObject([{ name: 'ConfigError', path: 'log.level' }]);
  });

  it('fails the call that asks the client with it', async () => {
    const ask = tool('ask', {}, (_, ctx) => ctx.sample$('key', { maxTokens: 1n } as never));
    const elicit = tool('elicit', {}, (_, ctx) =>
      ctx.elicit$('key', { message: 'x', schema: { type: 'object', default: NaN } }),
    );
    const request = tool('request', {}, (_, ctx) => ctx.request$('custom/x', { n: 1n }));
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools: [ask, elicit, request] });
    const { call } = await open(server);
    expect(await call('ask')).toBe('sampling/createMessage: params.maxTokens: expected a JSON value, got a BigInt');
    expect(await call('elicit')).toBe(
      'elicitation/create: params.requestedSchema.default: expected a JSON value, got NaN',
    );
    expect(await call('request')).toBe('custom/x: params.n: expected a JSON value, got a BigInt');
  });

  it('is an internal error if it is the data of an error', async () => {
    const fail = tool('fail', {}, () => {
      throw new ServerError('failed', { code: -32050, data: { n: 1n } });
    });
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [fail] }));
    await expect(call('fail')).rejects.toMatchObject({ code: -32603, message: expect.stringContaining('failed') });
    expect(errors).toMatchObject([
      { name: 'ConfigError', message: 'tools/call: error.data.n: expected a JSON value, got a BigInt' },
    ]);
  });

  it('is an error of the call if a schema transforms the output to it', async () => {
    const output = z.object({ n: z.number().transform((n) => (n > 0 ? Infinity : n)) });
    const standard = { '~standard': { ...output['~standard'], jsonSchema: { output: () => ({ type: 'object' }) } } };
    const transform = tool('transform', { output: standard as never }, () => ({ n: 1 }) as never);
    const { call, errors } = await open(new MCPServer({ name: 'spec', version: '1' }, { tools: [transform] }));
    expect(await call('transform')).toContain('structuredContent.n: expected a JSON value, got Infinity');
    expect(errors).toMatchObject([{ name: 'HandlerError' }]);
  });
});

describe('a message of a session that JSON cannot represent', () => {
  it.each(notJson)('rejects the promise of notify: %s', async (_, value) => {
    const server = new MCPServer({ name: 'spec', version: '1' });
    const errors: MCPError[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    const served = await serve(server);
    try {
      const first = firstValueFrom(server.sessions$);
      const { notifications } = await served.connect();
      const session = await first;
      const params = { value };
      for (const sent of [session.notify('custom/x', params), server.notify('custom/x', params)]) {
        await expect(sent).rejects.toThrow(ConfigError);
        await expect(sent).rejects.toThrow(/^custom\/x: params\.value.*: expected a JSON value, got /);
      }
      await expect(session.notify('')).rejects.toThrow('method: expected a non-empty string');
      await expect(session.notify('custom/x', [1] as never)).rejects.toThrow('custom/x: params: expected an object');
      await session.notify('custom/after');
      await until(() => notifications.length > 0, 'the next notification');
      expect(notifications.map(({ method }) => method)).toEqual(['custom/after']);
      expect(errors).toEqual([]);
    } finally {
      await served.close();
    }
  });

  it('errors the Observable of a request, which is not sent', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' });
    const served = await serve(server);
    try {
      const first = firstValueFrom(server.sessions$);
      await served.connect({ capabilities: { sampling: {}, elicitation: {} } });
      const session: ServerSession = await first;
      await expect(firstValueFrom(session.request$('custom/x', { n: 1n }))).rejects.toMatchObject({
        name: 'ConfigError',
        path: 'params.n',
      });
      await expect(firstValueFrom(session.sample$({ maxTokens: NaN } as never))).rejects.toThrow(
        'sampling/createMessage: params.maxTokens: expected a JSON value, got NaN',
      );
      const form$ = session.elicit$({ message: 1n as never, schema: { type: 'object' } });
      await expect(firstValueFrom(form$)).rejects.toThrow('elicit$.message: expected a string, got bigint');
    } finally {
      await served.close();
    }
  });
});

describe('a definition that JSON cannot represent', () => {
  it('throws a ConfigError with the path', () => {
    const meta = { _meta: { n: 1n } };
    expect(() => tool('x', meta, () => '')).toThrow('tools.x._meta.n: expected a JSON value, got a BigInt');
    expect(() => tool('x', { input: circular }, () => '')).toThrow(
      'tools.x.inputSchema.self.self: expected a JSON value',
    );
    expect(() => prompt('x', meta, () => '')).toThrow('prompts.x._meta.n: expected a JSON value, got a BigInt');
    expect(() => resource('x://y', meta, () => '')).toThrow('resources.x://y._meta.n: expected a JSON value');
    const info = { name: 'spec', version: '1' };
    expect(() => new MCPServer(info, { capabilities: { experimental: meta as never } })).toThrow(
      'capabilities.experimental._meta.n: expected a JSON value',
    );
    expect(() => new MCPServer({ ...info, ...meta })).toThrow('info._meta.n: expected a JSON value');
    expect(() => new MCPServer(info).resourceUpdated(1n as never)).toThrow('uri: expected a non-empty string');
  });

  it('is reported if a stream of lists emits it, and the last list stays', async () => {
    const one = tool('one', {}, () => '1');
    const bad = { ...one, listing: { ...one.listing, _meta: { n: 1n } } };
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools: of([one], [bad]) });
    const errors: MCPError[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    const served = await serve(server);
    try {
      const { client } = await served.connect();
      expect((await client.listTools()).tools).toEqual([expect.not.objectContaining({ _meta: expect.anything() })]);
      expect(errors).toMatchObject([
        { message: 'tools: invalid list, the last list stays in effect (Do not know how to serialize a BigInt)' },
      ]);
    } finally {
      await served.close();
    }
  });
});
