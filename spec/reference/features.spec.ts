import { expectTypeOf } from 'expect-type';
import {
  InvalidNotificationError,
  InvalidRootsError,
  listChanged,
  type LoggingLevel,
  MCPClient,
  MCPSession,
  type Notification,
  type NotificationHandler,
  ofMethod,
  type Root,
  type ServerNotificationEvent,
} from 'rx-mcp';
import {
  BehaviorSubject,
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  take,
  takeWhile,
  toArray,
} from 'rxjs';
import { z } from 'zod';
import { type Reach, reachOverHttp, reachOverStdio } from './reach';

// The name is unique, because the declaration applies to the whole program.
declare module 'rx-mcp' {
  interface NotificationMap {
    'features/joined': { user: string };
  }
}

const workspace: Root = { uri: 'file:///workspace', name: 'Workspace' };
const scratch: Root = { uri: 'file:///scratch' };

interface Named {
  name: string;
}

describe.each([
  { over: 'Streamable HTTP', open: reachOverHttp },
  { over: 'stdio', open: reachOverStdio },
])('features of the TypeScript client page, over $over', ({ open }) => {
  let reach: Reach;
  let session: MCPSession;

  beforeAll(async () => {
    reach = await open();
  });
  afterAll(() => reach.stop());
  beforeEach(() => {
    session = new MCPSession(reach.connector());
  });
  afterEach(() => session.disconnect());

  const emit = (to: MCPSession, method: string, params?: Record<string, unknown>) =>
    to.callTool('emit', { method, params });

  it('include config, createSession, createAllSessions, getSession, closeAllSessions', async () => {
    const client = new MCPClient({
      mcpServers: { one: reach.config, two: reach.config, gone: { url: 'http://127.0.0.1:1/mcp' } },
    });
    const one = client.session('one');

    expect(await Promise.all([client.createSession('one'), client.createSession('one')])).toEqual([one, one]);
    const failure: unknown = await client.createAllSessions().catch((error: unknown) => error);

    expect(failure).toMatchObject({ errors: [{ name: 'ConnectionFailedError', server: 'gone' }] });
    expect(client.getSession('one')).toBe(one);
    await Promise.all([one.ping(), client.getSession('two')!.ping()]);

    await client.closeAllSessions();
    expect([client.sessions.size, client.getSession('one')]).toEqual([0, undefined]);
    await expect(one.ping()).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('include a default notification handler of the client, overridden per server', async () => {
    const received: Record<string, string[]> = { root: [], options: [], two: [] };
    const handler =
      (name: string): NotificationHandler =>
      ({ method }) => {
        if (method.startsWith('custom/from')) received[name]!.push(method);
      };
    const config = {
      mcpServers: { one: reach.config, two: { ...reach.config, onNotification: handler('two') } },
      onNotification: handler('root'),
    };
    const all: ServerNotificationEvent[] = [];

    for (const options of [{}, { onNotification: handler('options') }]) {
      const client = new MCPClient(config, options);
      const both = lastValueFrom(
        client.notifications$.pipe(
          filter(({ notification }) => notification.method.startsWith('custom/from')),
          take(2),
          toArray(),
        ),
      );
      await client.createAllSessions();
      for (const name of ['one', 'two']) await emit(client.session(name), `custom/from-${name}`);
      all.push(...(await both));
      await client.closeAllSessions();
    }

    expect(received).toEqual({
      root: ['custom/from-one'],
      options: ['custom/from-one'],
      two: ['custom/from-two', 'custom/from-two'],
    });
    expect(all.every(({ server, notification }) => notification.method === `custom/from-${server}`)).toBe(true);
  });

  it("include session.on('notification', handler)", async () => {
    await session.connect();
    const received: unknown[] = [];
    const off = session.on('notification', ({ method, params }) => {
      if (method === 'custom/tick') received.push(params?.['n']);
      if (method === 'notifications/progress') received.push(params?.['message']);
    });
    const ticks = (n: number) =>
      firstValueFrom(session.notifications$.pipe(filter(({ params }) => params?.['n'] === n)));

    await session.callTool('long_task', { steps: 2, delayMs: 5 });
    await Promise.all([ticks(3), session.callTool('burst', { count: 3 })]);
    off();
    await Promise.all([ticks(4), session.callTool('burst', { count: 4 })]);

    expect(received).toEqual(['task: step 1 of 2', 'task: step 2 of 2', 1, 2, 3]);
  });

  it('include notification.method and .params, typed by method, by augmentation, by schema', async () => {
    await session.connect();
    const { notifications$ } = session;
    const logs$ = notifications$.pipe(ofMethod('notifications/message'));
    const joined$ = notifications$.pipe(ofMethod('features/joined'));
    const counted$ = notifications$.pipe(ofMethod('custom/heartbeat', z.object({ count: z.number() })));
    const first = Promise.all([firstValueFrom(logs$), firstValueFrom(joined$), firstValueFrom(counted$)]);

    await session.callTool('log', { level: 'error', message: 'no' });
    await emit(session, 'features/joined', { user: 'Ada' });
    const [log, joined, counted] = await first;

    expectTypeOf(log.params.level).toEqualTypeOf<LoggingLevel>();
    expectTypeOf(joined.params.user).toBeString();
    expectTypeOf(counted.params.count).toBeNumber();
    expect([log.params.level, joined.params.user, typeof counted.params.count]).toEqual(['error', 'Ada', 'number']);
  });

  it.each([
    { kind: 'tools' as const, toggle: 'toggle_tool' },
    { kind: 'prompts' as const, toggle: 'toggle_prompt' },
    { kind: 'resources' as const, toggle: 'toggle_resource' },
  ])('include list_changed of $kind, with a refetch', async ({ kind, toggle }) => {
    await session.connect();
    const { tools$: tools, prompts$: prompts, resources$: resources } = session;
    const list$: Observable<readonly Named[]> = { tools, prompts, resources }[kind];
    const lists: (readonly Named[])[] = [];
    const others: unknown[] = [];
    session.notifications$.pipe(listChanged()).subscribe(({ method }) => others.push(method));
    list$.subscribe((list) => lists.push(list));
    const before = await firstValueFrom(list$);

    const has$ = list$.pipe(filter((list) => list.some(({ name }) => name === 'extra')));
    const [after] = await Promise.all([firstValueFrom(has$), session.callTool(toggle, { name: 'extra' })]);

    expect(before.filter(({ name }) => name.startsWith('many'))).toHaveLength(60);
    expect(after).toHaveLength(before.length + 1);
    // The list is shared: all subscribers receive the same array, and never a part of a list.
    expect(lists).toEqual([before, after]);
    expect(lists[1]).toBe(after);
    expect(others).toEqual([`notifications/${kind}/list_changed`]);
  });

  it('include custom notifications of any name', async () => {
    await session.connect();
    const schema = z.object({ id: z.number() });
    const valid = firstValueFrom(session.notifications$.pipe(ofMethod('Any name/at all!', schema)));
    const invalid = firstValueFrom(session.errors$);
    const raw = firstValueFrom(session.notifications$.pipe(ofMethod('Any name/at all!')));

    await emit(session, 'Any name/at all!', { id: 'one' });
    await emit(session, 'Any name/at all!', { id: 1 });

    expect(await invalid).toBeInstanceOf(InvalidNotificationError);
    expect(await raw).toMatchObject({ params: { id: 'one' } });
    expect(await valid).toEqual({ method: 'Any name/at all!', params: { id: 1 } });
  });

  it('include progress of long work', async () => {
    await session.connect();

    const work$ = session.callTool$('long_task', { steps: 100, delayMs: 0 });
    const events = await lastValueFrom(
      work$.pipe(
        map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
        toArray(),
      ),
    );

    expect(events).toEqual([...Array.from({ length: 100 }, (_, index) => index + 1), 'result']);
  });

  it('include setRoots and getRoots, and send list_changed', async () => {
    await session.connect();
    const reads = lastValueFrom(
      session.notifications$.pipe(
        ofMethod('custom/roots-read'),
        map(({ params }) => params?.['roots']),
        takeWhile((roots) => JSON.stringify(roots) !== JSON.stringify([scratch]), true),
      ),
    );

    await session.setRoots([workspace]);
    await expect(session.setRoots([{ uri: 'http://example.com' }])).rejects.toBeInstanceOf(InvalidRootsError);
    expect(session.getRoots()).toEqual([workspace]);

    const workspace$ = new BehaviorSubject([workspace, scratch]);
    workspace$.subscribe(session.roots$);
    workspace$.next([scratch]);

    expect(await reads).toEqual([scratch]);
    expect(session.getRoots()).toEqual([scratch]);
  });

  it('include initial roots on a connector; new MCPSession(connector), connect(), initialize()', async () => {
    const byConnector = new MCPSession(reach.connector({ roots: [workspace] }));
    await byConnector.connect();
    await byConnector.initialize();
    const client = new MCPClient({ mcpServers: { one: { ...reach.config, roots: [scratch] } } });
    const byConfig = await client.createSession('one');

    expect(await byConnector.callTool('read_roots')).toMatchObject({ structuredContent: { roots: [workspace] } });
    expect(await byConfig.callTool('read_roots')).toMatchObject({ structuredContent: { roots: [scratch] } });
    await Promise.all([byConnector.disconnect(), client.closeAllSessions()]);
  });

  it('include the types Notification, NotificationHandler and Root', async () => {
    const received: Notification[] = [];
    const handler: NotificationHandler = async (notification: Notification) => {
      expectTypeOf(notification.method).toBeString();
      received.push(notification);
    };
    expectTypeOf<Root>().toExtend<{ uri: string; name?: string }>();
    session.on('notification', handler);
    await session.connect();

    const [last] = await Promise.all([firstValueFrom(session.notifications$), emit(session, 'custom/any')]);

    expect(received).toContain(last);
  });
});
