import {
  ConfigError,
  HttpConnector,
  MCPClient,
  type MCPSession,
  ofMethod,
  progressOf,
  resourceUpdated,
  type ServerNotificationEvent,
} from 'rx-mcp';
import { memoryBackplane, MCPServer, prompt, resource, tool, toolsOf } from 'rx-mcp/server';
import { recording, replaying, simulateNetwork } from 'rx-mcp/testing';
import { lastValueFrom, of } from 'rxjs';
import { openMemorySession } from './rig/openMemorySession';

const info = { name: 'spec', version: '1.0.0' };

/** Returns what a function throws, or what its promise rejects with. */
async function failureOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return 'nothing';
}

async function expectConfigError(act: () => unknown, path: string): Promise<void> {
  const error = await failureOf(act);
  expect(error).toBeInstanceOf(ConfigError);
  expect(error).toMatchObject({ path, retryable: false });
  expect((error as Error).message).toContain(`${path}: `);
}

describe('an invalid argument of a session', () => {
  it.each<[path: string, act: (session: MCPSession) => unknown]>([
    ['method', (session) => session.request(7 as never)],
    ['method', (session) => session.request('')],
    ['method', (session) => lastValueFrom(session.request$(undefined as never))],
    ['method', (session) => session.notify(undefined as never)],
    ['method', (session) => session.handle(7 as never, () => ({}))],
    ['method', (session) => session.handle('elicitation/creat', () => ({}))],
    ['params', (session) => session.request('custom/x', 7 as never)],
    ['params', (session) => session.request('custom/x', null as never)],
    ['params', (session) => session.notify('custom/x', [1] as never)],
    ['params', (session) => session.complete(undefined as never)],
    ['params.ref.type', (session) => session.complete({ ref: {}, argument: { name: 'a', value: 'b' } } as never)],
    ['params.ref', (session) => session.complete({ ref: 7, argument: { name: 'a', value: 'b' } } as never)],
    [
      'params.argument.value',
      (session) => session.complete({ ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a' } } as never),
    ],
    ['params.uri', (session) => session.readResource(undefined as never)],
    ['params.uri', (session) => session.readResource(new URL('file:///a') as never)],
    ['params.name', (session) => session.getPrompt(7 as never)],
    ['params.arguments.day', (session) => session.getPrompt('plan', { day: 7 as never })],
    ['params.arguments', (session) => session.getPrompt('plan', ['7'] as never)],
    ['params', (session) => session.request('tools/call')],
    ['params.name', (session) => session.request('tools/call', {})],
    ['params.level', (session) => session.setLoggingLevel('warn' as never)],
    ['name', (session) => session.callTool(7 as never)],
    ['uri', (session) => session.resource$(undefined as never)],
  ])('is rejected with its path, and nothing is sent: %s (%#)', async (path, act) => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const sent = memory.received.length;

    await expectConfigError(() => act(session), path);
    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });

  it.each<[kind: string, value: unknown]>([
    ['Map', new Map([['a', 1]])],
    ['Set', new Set(['a'])],
    ['Promise', Promise.resolve(1)],
    ['RegExp', /a/],
    ['Error', new Error('a')],
    ['ArrayBuffer', new ArrayBuffer(4)],
  ])('is rejected if JSON would empty it: %s', async (kind, value) => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const sent = memory.received.length;

    const error = await failureOf(() => session.callTool('x', { list: [value] }));

    expect(error).toMatchObject({ name: 'ConfigError', path: 'params.arguments.list.0' });
    expect((error as Error).message).toContain(`got ${kind}`);
    expect(memory.received).toHaveLength(sent);
    await session.disconnect();
  });

  it('may be any value that JSON represents', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const foreign = Object.create(Object.create(null) as object) as object;
    const boxed: unknown[] = [new Number(7), new String('a'), new Boolean(false)];

    session.callTool$('x', { foreign, none: {}, list: [], at: new Date(0), boxed }).subscribe({ error: () => {} });
    session.getPrompt('plan').catch(() => undefined);
    session.setLoggingLevel('warning').catch(() => undefined);
    session.request('custom/x').catch(() => undefined);
    await session.ping();

    const methods = memory.received.map((message) => ('method' in message ? message.method : undefined));
    expect(methods).toEqual(expect.arrayContaining(['tools/call', 'prompts/get', 'logging/setLevel', 'custom/x']));
    await session.disconnect();
  });
});

describe('an invalid argument', () => {
  it.each<[path: string, act: () => unknown]>([
    ['ofMethod.method', () => ofMethod(7 as never)],
    ['ofMethod.method', () => ofMethod('a', 'b', 'c', null as never)],
    ['progressOf.token', () => progressOf(undefined as never)],
    ['progressOf.token', () => progressOf({} as never)],
    ['resourceUpdated.uri', () => resourceUpdated(new URL('file:///a') as never)],
    ['authProvider', () => new HttpConnector('http://127.0.0.1:9/mcp', { authProvider: {} as never })],
    ['retries', () => new MCPClient({ mcpServers: {} }).createAllSessions({ retries: 3 } as never)],
    ['info.version', () => new MCPServer({ name: 'spec' } as never)],
    ['tool.name', () => tool(undefined as never, {}, () => '')],
    ['tools.a.project', () => tool('a', {}, 'text' as never)],
    ['prompt.name', () => prompt(7 as never, {}, () => '')],
    ['prompts.a.project', () => prompt('a', {}, undefined as never)],
    ['resource.uri', () => resource(new URL('file:///a') as never, {}, of(''))],
    ['resources.a:b.source$', () => resource('a:b', {}, 'text' as never)],
    ['event', () => memoryBackplane({ event: 7 } as never)],
    ['events', () => memoryBackplane({ events: 0 })],
    ['toolsOf', () => toolsOf('session' as never)],
    ['method', () => new MCPServer(info).handle('', () => ({}))],
    ['project', () => new MCPServer(info).handle('custom/x', {} as never)],
    ['grase', () => new MCPServer(info).close({ grase: 5 } as never)],
    ['method', () => new MCPServer(info).notify(7 as never)],
    ['params', () => new MCPServer(info).notify('custom/x', 7 as never)],
    ['params.big', () => new MCPServer(info).notify('custom/x', { big: 1n })],
    ['lines', () => replaying(7 as never)],
    ['matsch', () => replaying('', { matsch: 'any' } as never)],
    ['reconect', () => replaying('', { reconect: false } as never)],
    ['values.a', () => simulateNetwork(new MCPServer(info)).play('a', { a: { methd: 'custom/x' } as never })],
    ['values.a', () => simulateNetwork(new MCPServer(info)).play('a', { a: [7] as never })],
    ['values.a', () => simulateNetwork(new MCPServer(info)).play('a', { a: undefined as never })],
    ['time.scheduler', () => simulateNetwork(new MCPServer(info)).play('', {}, {} as never)],
    ['diagram', () => simulateNetwork(new MCPServer(info)).play(7 as never, {})],
    ['message', () => simulateNetwork(new MCPServer(info)).inject(undefined as never)],
    ['method', () => simulateNetwork(new MCPServer(info)).hold(undefined as never)],
    ['method', () => simulateNetwork(new MCPServer(info)).until(undefined as never)],
    ['n', () => simulateNetwork(new MCPServer(info)).until('ping', 0)],
    ['retires', () => simulateNetwork(new MCPServer(info)).connector({ retires: 1 } as never)],
    ['latenzy', () => simulateNetwork(new MCPServer(info), { latenzy: 1 } as never)],
    ['redackt', () => recording(new HttpConnector('http://a.test'), () => undefined, { redackt: 1 } as never)],
    ['sesions', () => new MCPServer(info, { sesions: false } as never)],
    ['replay.events', () => new MCPServer(info, { replay: { events: 0 } })],
    ['replay.for', () => new MCPServer(info, { replay: { for: -1 } })],
    ['sessions.idel', () => new MCPServer(info, { sessions: { idel: 1 } } as never)],
    ['tools.a.inputSchema', () => tool('a', { inputSchema: {} } as never, () => '')],
    ['response.status', () => simulateNetwork(new MCPServer(info)).respond({ status: 0 })],
    ['response.statuz', () => simulateNetwork(new MCPServer(info)).respond({ statuz: 500 } as never)],
    ['times', () => simulateNetwork(new MCPServer(info)).respond({ status: 502 }, { times: 0 })],
    ['tims', () => simulateNetwork(new MCPServer(info)).answer('ping', {}, { tims: 1 } as never)],
    ['outcome', () => simulateNetwork(new MCPServer(info)).answer('ping', undefined as never)],
  ])('is rejected with its path: %s (%#)', async (path, act) => {
    await expectConfigError(act, path);
  });
});

describe('a misspelt target of a notification', () => {
  it.each([{ sesion: 'a' }, {}, { session: 'a', principal: 'b' }])(
    'is rejected, and the notification is sent to no session: %j',
    async (target) => {
      const server = new MCPServer(info);
      const network = simulateNetwork(server);
      const client = new MCPClient({ mcpServers: { spec: { connector: network.connector() } } });
      const received: ServerNotificationEvent[] = [];
      client.notifications$.subscribe((event) => received.push(event));
      const session = await client.createSession('spec');

      expect(await failureOf(() => server.notify('custom/private', {}, target as never))).toBeInstanceOf(ConfigError);
      await server.notify('custom/public');
      await session.ping();

      expect(received.map(({ notification }) => notification.method)).toEqual(['custom/public']);
      await client.closeAllSessions();
      await server.close();
    },
  );
});
