import {
  backoff,
  type CallOptions,
  ConfigError,
  type Connector,
  HttpConnector,
  isRetryable,
  listChanged,
  logMessage,
  MCPClient,
  MCPSession,
  ofMethod,
  resourceUpdated,
  type SessionOptions,
  TransportConnector,
} from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { redisBackplane } from 'rx-mcp/redis';
import { MCPServer, prompt, resource, tool, toNodeHandler } from 'rx-mcp/server';
import { StdioConnector } from 'rx-mcp/stdio';
import { replaying } from 'rx-mcp/testing';
import { firstValueFrom, type Observable, of, VirtualTimeScheduler } from 'rxjs';
import { z } from 'zod';
import { openMemorySession } from '../rig/openMemorySession';

const info = { name: 'spec', version: '1.0.0' };

/** The maximum delay of `setTimeout`, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Values that an untyped program may pass. */
type InvalidOptions = Record<string, unknown>;

const url = 'http://127.0.0.1:9/mcp';
const http = (options: unknown) => new HttpConnector(url, options as InvalidOptions);
const program = (server: unknown, options?: unknown) =>
  new StdioConnector(server as { command: string }, options as object);
const session = (options: unknown) => new MCPSession(http({}), options as SessionOptions);
const client = (server: InvalidOptions, options: InvalidOptions = {}) =>
  new MCPClient({ mcpServers: { web: { url, ...server } } }, options);

/** Returns the thrown value. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return 'nothing';
}

/** Asserts that an error is a `ConfigError` with this path, and that its message contains the path and the expected value. */
function expectConfigError(error: unknown, path: string): void {
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(error).toMatchObject({ path, retryable: false });
  expect(message).toContain(`${path}: expected `);
  expect(isRetryable(error)).toBe(false);
}

const headerValue = 'expected a string without line breaks and with Latin-1 characters only';

const notMilliseconds = [NaN, -1, '500', null, {}, -Infinity];

describe.each(notMilliseconds)('an invalid time: %p', (time) => {
  it.each(['timeout', 'maxTotalTimeout'])('is rejected by sessions and clients, as %s', (name) => {
    expectConfigError(
      thrownBy(() => session({ [name]: time })),
      name,
    );
    expectConfigError(
      thrownBy(() => client({}, { [name]: time })),
      name,
    );
  });

  it.each(['connectTimeout', 'keepAlive', 'watchdog'])('is rejected by connectors, as %s', (name) => {
    expectConfigError(
      thrownBy(() => http({ [name]: time })),
      name,
    );
    const error = thrownBy(() => client({ [name]: time }));
    expectConfigError(error, `mcpServers.web.${name}`);
    expect(error).toMatchObject({ server: 'web' });
  });

  it.each(['initialDelay', 'maxDelay', 'stableAfter', 'factor', 'maxRetries', 'delay', 'count'])(
    'is rejected by a reconnect policy, as %s',
    (name) => {
      expectConfigError(
        thrownBy(() => http({ reconnect: { [name]: time } })),
        `reconnect.${name}`,
      );
      expectConfigError(
        thrownBy(() => client({ reconnect: { [name]: time } })),
        `mcpServers.web.reconnect.${name}`,
      );
    },
  );

  it.each(['initialDelay', 'maxDelay', 'stableAfter', 'factor', 'maxRetries'])(
    'is rejected by backoff, as %s',
    (name) => {
      expectConfigError(
        thrownBy(() => backoff({ [name]: time })),
        name,
      );
    },
  );

  it.each(['timeout', 'maxTotalTimeout'])('rejects the call and sends nothing, as %s', async (name) => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const sent = memory.received.length;
    const options = { [name]: time } as CallOptions;
    const streams: Observable<unknown>[] = [session.callTool$('x', {}, options), session.request$('x', {}, options)];

    const outcomes = await Promise.allSettled([
      session.callTool('x', {}, options),
      session.listTools(options),
      session.ping(options),
      session.request('custom/x', {}, options),
      ...streams.map((stream$) => firstValueFrom(stream$)),
    ]);

    expect(outcomes).toHaveLength(6);
    for (const outcome of outcomes) expectConfigError(outcome.status === 'rejected' && outcome.reason, name);
    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });
});

describe('an infinite time', () => {
  it('is accepted wherever a limit is optional', () => {
    const names = ['connectTimeout', 'keepAlive', 'watchdog'];
    const reconnect = { initialDelay: Infinity, maxDelay: Infinity, stableAfter: Infinity, maxRetries: Infinity };

    expect(() => client({ reconnect, ...Object.fromEntries(names.map((name) => [name, Infinity])) })).not.toThrow();
    expect(() => session({ timeout: Infinity, maxTotalTimeout: Infinity })).not.toThrow();
  });

  it('is never passed to a timer', async () => {
    const delays: number[] = [];
    const scheduler = new VirtualTimeScheduler();
    const { schedule } = scheduler;
    scheduler.schedule = (work, delay = 0, state) => {
      delays.push(delay);
      return schedule.call(scheduler, work as never, delay, state);
    };
    const { memory, session, statuses } = openMemorySession({
      options: {
        connectTimeout: Infinity,
        keepAlive: Infinity,
        reconnect: { initialDelay: Infinity, maxDelay: Infinity, jitter: 'none' },
      },
      session: { timeout: Infinity, scheduler },
    });

    await session.connect();
    await session.ping();
    await memory.drop();

    expect(statuses.at(-1)).toMatchObject({ state: 'reconnecting', delay: longestTimer });
    expect(delays).toContain(longestTimer);
    expect(delays.filter((delay) => !(delay <= longestTimer))).toEqual([]);
    await session.disconnect();
  });
});

describe('an invalid connector', () => {
  it.each([url, new URL(url), undefined, null, 7, {}, [], { url }, http])('is rejected by a session: %p', (invalid) => {
    const error = thrownBy(() => new MCPSession(invalid as Connector));

    expectConfigError(error, 'connector');
    expect((error as Error).message).toContain('new HttpConnector(url)');
  });

  it('is rejected if only its options are missing', () => {
    const connect = http({}).connect;

    expectConfigError(
      thrownBy(() => new MCPSession({ connect } as Connector)),
      'connector.options',
    );
    expectConfigError(
      thrownBy(() => new MCPSession({ connect, options: { reconnect: { maxDelay: NaN } } })),
      'connector.options.reconnect.maxDelay',
    );
  });
});

describe('an invalid option', () => {
  it.each<[path: string, make: () => unknown]>([
    ['options', () => session(null)],
    ['clientInfo', () => session({ clientInfo: 'me' })],
    ['clientInfo.version', () => session({ clientInfo: { name: 'me' } })],
    ['clientInfo.icons', () => session({ clientInfo: { name: 'me', version: '1', icons: new Map() } })],
    ['capabilities', () => session({ capabilities: true })],
    ['capabilities.experimental.size', () => session({ capabilities: { experimental: { size: 1n } } })],
    ['offline', () => session({ offline: 'never' })],
    ['scheduler', () => session({ scheduler: {} })],
    ['options', () => http(null)],
    ['options', () => http('POST')],
    ['url', () => new HttpConnector(undefined as unknown as string)],
    ['url', () => new HttpConnector({ url } as unknown as string)],
    ['headers', () => http({ headers: 'authorization' })],
    ['fetch', () => http({ fetch: {} })],
    ['authProvider', () => http({ authProvider: () => 'token' })],
    ['watchdog', () => http({ watchdog: 'never' })],
    ['watchdog', () => http({ watchdog: 0 })],
    ['keepAlive', () => http({ keepAlive: 0 })],
    ['keepAlive', () => http({ keepAlive: true })],
    ['engine', () => http({ engine: 'modern' })],
    ['reconnect', () => http({ reconnect: true })],
    ['reconnect', () => http({ reconnect: 500 })],
    ['reconnect.jitter', () => http({ reconnect: { jitter: 'some' } })],
    ['reconnect.isRetryable', () => http({ reconnect: { isRetryable: true } })],
    ['reconnect.factor', () => http({ reconnect: { factor: 0.5 } })],
    ['options', () => backoff(null as unknown as object)],
    ['scheduler', () => backoff({ scheduler: Date as never })],
    ['server', () => program('mcp-files')],
    ['server', () => program(undefined)],
    ['command', () => program({})],
    ['command', () => program({ command: ['mcp-files'] })],
    ['args', () => program({ command: 'x', args: '/tmp' })],
    ['args.0', () => program({ command: 'x', args: [7] })],
    ['env.PORT', () => program({ command: 'x', env: { PORT: 80 } })],
    ['cwd', () => program({ command: 'x', cwd: 7 })],
    ['stderr', () => program({ command: 'x', stderr: 'log' })],
    ['connectTimeout', () => program({ command: 'x' }, { connectTimeout: '1s' })],
    ['createTransport', () => new TransportConnector({ start: () => {} } as never)],
    ['keepAlive', () => new TransportConnector(() => Promise.reject(new Error()), { keepAlive: NaN })],
    ['negotiation', () => modern({ negotiation: 'both' as 'auto' })],
    ['engine', () => client({}, { engine: 'modern' })],
    ['onNotification', () => client({}, { onNotification: 'log' })],
    ['ofMethod.schema', () => ofMethod('a', { parse: () => 1 } as never)],
    ['ofMethod.onInvalid', () => ofMethod('a', z.object({}), { onInvalid: 'ignore' as 'drop' })],
    ['listChanged.kind', () => listChanged('templates' as 'tools')],
    ['logMessage.level', () => logMessage('loud' as 'debug')],
    ['tools.a.input', () => tool('a', { input: 'string' as never }, () => '')],
    ['tools.a.input', () => tool('a', { input: { a: z.number() } as never }, () => '')],
    ['tools.a.input', () => tool('a', { input: z.string() }, () => '')],
    ['tools.a.output', () => tool('a', { output: { type: 'array' } }, () => '')],
    ['prompts.a.args', () => prompt('a', { args: { a: z.string() } as never }, () => '')],
    ['tools', () => new MCPServer(info, { tools: [tool('a', {}, () => ''), tool('a', {}, () => '')] })],
    ['resources', () => new MCPServer(info, { resources: [resource('a:b', {}, of('')), resource('a:b', {}, of(''))] })],
    ['hosts', () => new MCPServer(info, { hosts: ['127.0.0.1:3000'] })],
    ['origins', () => new MCPServer(info, { origins: ['http://localhost'] })],
    ['tools.a.timeout', () => tool('a', { timeout: -1 }, () => '')],
    ['validateOutput', () => session({ validateOutput: 'always' as 'report' })],
    ['handler', () => session({}).on('notification', undefined as never)],
    ['handler', () => session({}).handle('roots/list', { roots: [] } as never)],
  ])('is rejected with its path: %s (%#)', (path, make) => {
    expectConfigError(thrownBy(make), path);
  });

  it.each([
    [7, 'headers: expected an object, got 7'],
    ['ab', 'headers: expected an object, got string'],
    [[7], 'headers: invalid header name'],
    [{ 'a b': 'c' }, 'headers: invalid header name'],
    [{ authorization: undefined }, `headers.authorization: ${headerValue}, got undefined`],
    [{ authorization: 'a\nb' }, `headers.authorization: ${headerValue}, got string`],
    [{ authorization: {} }, `headers.authorization: ${headerValue}, got object`],
    [[['authorization']], `headers.authorization: ${headerValue}, got undefined`],
  ])('is rejected with its name and the reason if it is a header: %j', (headers, message) => {
    const error = thrownBy(() => http({ headers }));

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path: message.split(':')[0], message });
  });

  it.each<[given: unknown, kind: string]>([
    [[], 'an array'],
    [of({}), 'an Observable'],
    [Promise.resolve({}), 'a Promise'],
    ['text', 'string'],
  ])('is rejected with the kind of value: %p', (given, kind) => {
    const message = `expected an object, got ${kind}`;

    expect(thrownBy(() => http({ reconnect: given }))).toHaveProperty('message', `reconnect: ${message}`);
    expect(thrownBy(() => resource('live://x', given as object, () => ''))).toHaveProperty(
      'message',
      `resources.live://x: ${message}`,
    );
  });

  it('is rejected with a hint if it is the path of a file', () => {
    expect(() => new MCPClient('mcp.json' as never)).toThrow(
      'configuration: config: expected an object (MCPClient.fromConfigFile reads files), got string',
    );
    expect(() => replaying('./session.mcp.jsonl')).toThrow(
      'lines: expected the lines of a recording, not the path of a file, got string',
    );
  });

  it('is rejected if it is an engine that was not created', async () => {
    await expect(new MCPSession(http({ engine: modern })).connect()).rejects.toMatchObject({
      name: 'ConfigError',
      path: 'engine',
      message: 'engine: expected modern(), got modern',
    });
  });

  it('is rejected if it is a URI template', () => {
    expect(thrownBy(() => resource('room://{id', {}, () => ''))).toMatchObject({
      name: 'ConfigError',
      path: 'resource.uri',
      message: 'resource.uri: invalid URI template (Unclosed template expression)',
    });
  });

  it.each([
    ['server: expected an MCPServer, got object', () => toNodeHandler({} as never)],
    ['connection: expected an object, got string', () => redisBackplane('redis://127.0.0.1' as never)],
    ['connection: expected an object, got undefined', () => redisBackplane(undefined as never)],
    ['connection: Invalid URL', () => redisBackplane({ url: 'localhost' })],
    ['connection.uri: unknown option; did you mean "url"?', () => redisBackplane({ uri: 'redis://a' } as never)],
    [
      'connection.databse: unknown option; did you mean "database"?',
      () => redisBackplane({ url, databse: 1 } as never),
    ],
    ['connection.url: expected a string, got 7', () => redisBackplane({ url: 7 } as never)],
    ['connection.socket: expected an object, got string', () => redisBackplane({ socket: '127.0.0.1:1' } as never)],
    ['connection: expected a url, or a socket with a host, a port or a path, got object', () => redisBackplane({})],
    [
      'connection: expected a url, or a socket with a host, a port or a path, got object',
      () => redisBackplane({ url: undefined! }),
    ],
    [
      'connection: expected a url, or a socket with a host, a port or a path, got object',
      () => redisBackplane({ socket: {} }),
    ],
    [
      'connection: expected a client of @redis/client, version 5 or later, got object',
      () => redisBackplane({ duplicate: () => ({}), on: () => ({}) } as never),
    ],
    ['prefix: expected a string, got 7', () => redisBackplane({ url: 'redis://127.0.0.1' }, { prefix: 7 as never })],
    ['prefixx: unknown option; did you mean "prefix"?', () => redisBackplane({ url }, { prefixx: 'a' } as never)],
  ])('is rejected with its name: %s', (message, make) => {
    expect(thrownBy(make)).toMatchObject({ name: 'ConfigError', message });
  });

  it('rejects the call whose option it is', async () => {
    const { session } = openMemorySession();
    await session.connect();
    const controller = new AbortController();

    const signal = await session.ping({ signal: controller as never }).catch((error: unknown) => error);
    const options = await session.callTool('x', {}, null as never).catch((error: unknown) => error);
    const token = await session.callTool('x', {}, { progressToken: {} as never }).catch((error: unknown) => error);
    const poll$ = session.resource$('file:///a', { pollInterval: 0 });

    expectConfigError(signal, 'signal');
    expectConfigError(options, 'options');
    expectConfigError(token, 'progressToken');
    expectConfigError(await firstValueFrom(poll$).catch((error: unknown) => error), 'pollInterval');
    await session.disconnect();
  });

  it('fails connecting immediately if a factory returned it', async () => {
    const session = new MCPSession(new TransportConnector(() => ({ url }) as never));

    const error = await session.connect({ retry: true }).catch((reason: unknown) => reason);

    expectConfigError(error, 'createTransport()');
  });

  it.each<[how: string, options: object]>([
    [
      'by an accessor of a class',
      new (class {
        get connectTimeout() {
          return -1;
        }
      })(),
    ],
    ['by a prototype', Object.create({ connectTimeout: -1 }) as object],
    ['by an object without a prototype', Object.assign(Object.create(null) as object, { connectTimeout: -1 })],
  ])('is rejected if it is provided %s', (_, options) => {
    expectConfigError(
      thrownBy(() => http(options)),
      'connectTimeout',
    );
  });

  it('is shown if it is a number, but not if it may be a secret', () => {
    expect(() => session({ timeout: -5 })).toThrow('got -5');
    expect(() => session({ timeout: 'S3cr3t' })).toThrow('got string');
    expect(thrownBy(() => session({ timeout: 'S3cr3t' }))).not.toMatchObject({
      message: expect.stringContaining('S3'),
    });
  });
});

describe('a URL without a scheme', () => {
  const suggestion = 'expected an http: or https: URL; the scheme is missing, did you mean "http://..."?';

  it.each(['127.0.0.1:3000/mcp', 'localhost:3000', 'example.com/mcp', '[::1]:3000/mcp'])(
    'is a ConfigError that suggests http://, and does not quote the URL: %s',
    (address) => {
      expect(thrownBy(() => new HttpConnector(address))).toMatchObject({
        name: 'ConfigError',
        message: `url: ${suggestion}`,
      });
      expect(thrownBy(() => client({ url: address }))).toMatchObject({
        message: `configuration: mcpServers.web.url: ${suggestion}`,
      });
    },
  );

  it.each(['ftp://x', 'mailto:me', 'not a url', '/mcp', ''])(
    'is not suggested for other invalid URLs: %j',
    (address) => {
      expect(thrownBy(() => new HttpConnector(address))).toMatchObject({
        name: 'ConfigError',
        message: 'url: expected an http: or https: URL',
      });
    },
  );
});

describe('a resource URI without a scheme', () => {
  const message = 'expected a URI with a scheme, for example file:///notes.md, got string';

  it.each(['clock', 'notes/today.md', '//notes', ':x', ''])('is a ConfigError: %j', (uri) => {
    expect(thrownBy(() => session({}).resource$(uri))).toMatchObject({
      name: 'ConfigError',
      message: `uri: ${message}`,
    });
    expect(thrownBy(() => resource(uri, {}, of('')))).toMatchObject({
      name: 'ConfigError',
      message: `resource.uri: ${message}`,
    });
  });

  it.each(['a:b', 'room://{id}', 'x-y+z.1://a', '{scheme}://a'])('is not reported for valid URIs: %s', (uri) => {
    expect(thrownBy(() => resource(uri, {}, of('')))).toBe('nothing');
  });
});

describe('an unknown option name', () => {
  it.each([
    ['ulr', 'url', { ulr: url }],
    ['uri', 'url', { headers: {}, uri: url }],
    ['comand', 'command', { comand: 'x', args: [] }],
    ['connecter', 'connector', { connecter: http({}) }],
  ])('suggests url, command or connector for a misspelling of one of them: %s', (name, nearest, server) => {
    expect(thrownBy(() => new MCPClient({ mcpServers: { web: server as never } }))).toMatchObject({
      name: 'ConfigError',
      path: `mcpServers.web.${name}`,
      message: `configuration: mcpServers.web.${name}: unknown option; did you mean "${nearest}"?`,
    });
  });

  it.each<[path: string, nearest: string, make: () => unknown]>([
    ['timout', 'timeout', () => session({ timout: 5 })],
    ['headrs', 'headers', () => http({ headrs: {} })],
    ['reconnect.maxDelays', 'maxDelay', () => http({ reconnect: { maxDelays: 5 } })],
    ['cmd', 'cwd', () => program({ command: 'x', cmd: 'y' })],
    ['comand', 'command', () => program({ comand: 'x' })],
    ['keepalive', 'keepAlive', () => program({ command: 'x' }, { keepalive: 5 })],
    ['maxDelai', 'maxDelay', () => backoff({ maxDelai: 5 } as object)],
    ['negotiaton', 'negotiation', () => modern({ negotiaton: 'auto' } as object)],
    ['onNotificatoin', 'onNotification', () => client({}, { onNotificatoin: () => {} })],
    ['ofMethod.onInvald', 'onInvalid', () => ofMethod('a', z.object({}), { onInvald: 'drop' } as object)],
    ['resourceUpdated.subresource', 'subresources', () => resourceUpdated('a:b', { subresource: true } as object)],
    ['tools.a.inputs', 'input', () => tool('a', { inputs: {} } as object, () => '')],
    ['prompts.a.titel', 'title', () => prompt('a', { titel: '' } as object, () => '')],
    ['resources.a:b.mimetype', 'mimeType', () => resource('a:b', { mimetype: '' } as object, () => '')],
    ['mcpServers.web.heders', 'headers', () => client({ heders: {} })],
    ['mcpServers.web.reconnect.jiter', 'jitter', () => client({ reconnect: { jiter: 'none' } })],
  ])('is a ConfigError that suggests the nearest one: %s', (path, nearest, make) => {
    const error = thrownBy(make);

    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path });
    expect((error as Error).message).toContain(`${path}: unknown option; did you mean "${nearest}"?`);
  });

  it('rejects connect()', async () => {
    await expect(session({}).connect({ retries: true } as object)).rejects.toMatchObject({
      name: 'ConfigError',
      path: 'retries',
    });
  });

  it('rejects a call if it is nested', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const sent = memory.received.length;

    await expect(session.callTool('x', {}, { task: { tll: 5 } as object })).rejects.toMatchObject({ path: 'task.tll' });

    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });

  it('lists the known ones if none is near', () => {
    expect(() => session({ colour: 'red' })).toThrow('colour: unknown option; expected one of clientInfo, ');
  });

  it.each([
    ['reconnect', false],
    ['connectTimeout', 5],
  ])('mentions the second argument of a StdioConnector for an option in the first one: %s', (name, value) => {
    const error = thrownBy(() => program({ command: 'x', [name]: value }));
    expect(error).toMatchObject({
      name: 'ConfigError',
      path: name,
      message: `${name}: unknown option of a server program; pass it in the second argument of StdioConnector`,
    });
  });

  it('fails a call, and sends nothing', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const sent = memory.received.length;

    await expect(session.ping({ timout: 5 } as object)).rejects.toMatchObject({ name: 'ConfigError', path: 'timout' });

    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });

  it('is accepted if its value is undefined', () => {
    expect(() => session({ colour: undefined })).not.toThrow();
  });
});

describe('valid input', () => {
  it('is accepted', () => {
    const scheduler = new VirtualTimeScheduler();
    const headers = [{ a: 'b' }, new Headers({ a: 'b' }), [['a', 'b']]];

    for (const given of headers) expect(() => http({ headers: given })).not.toThrow();
    expect(() => http({ watchdog: 'auto', keepAlive: false, reconnect: false, fetch, engine: modern() })).not.toThrow();
    expect(() => http({ watchdog: false, keepAlive: 1, reconnect: backoff({ scheduler }) })).not.toThrow();
    expect(() => http({ reconnect: { delay: () => [], count: 0, resetOnSuccess: true } })).not.toThrow();
    expect(() => session({ timeout: 0, maxTotalTimeout: undefined, offline: 'fail', scheduler })).not.toThrow();
  });
});
