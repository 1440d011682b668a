import { filter, firstValueFrom, map, of, Subject, take, timer, toArray } from 'rxjs';
import { ConfigError, MCPSession, ofMethod, ServerError } from 'rx-mcp';
import { MCPServer, progress, resource, tool } from 'rx-mcp/server';
import { LeftOpenError, simulateNetwork, virtualTime } from 'rx-mcp/testing';

const never$ = new Subject<string>();

function createServer(name = 'fake'): MCPServer {
  return new MCPServer(
    { name, version: '1.0.0' },
    {
      tools: [
        tool('echo', {}, ({ text }: { text?: string }) => String(text)),
        tool('steps', {}, () => of(progress(1, 2), progress(2, 2), 'done')),
        tool('never', {}, () => never$),
      ],
      resources: [resource('memo://a', { name: 'a' }, of('one'))],
    },
  );
}

/** Resolves when the session has reached the state. */
function reached(session: MCPSession, state: string, listening?: boolean): Promise<unknown> {
  return firstValueFrom(
    session.status$.pipe(
      filter(
        (status) =>
          status.state === state &&
          (listening === undefined || (status.state === 'connected' && status.listening === listening)),
      ),
    ),
  );
}

const quick = { reconnect: { initialDelay: 10, maxDelay: 10 } };

describe.each(['legacy', 'modern'] as const)('a simulated network, protocol era %s', (era) => {
  it('carries calls, progress and notifications, and is empty afterwards', async () => {
    const server = createServer();
    const net = simulateNetwork(server, { era });
    const session = new MCPSession(net.connector());
    await session.connect();
    const changed = firstValueFrom(session.notifications$.pipe(ofMethod('notifications/tools/list_changed')));
    expect(await session.callTool('echo', { text: 'hi' })).toMatchObject({ content: [{ text: 'hi' }] });
    const events = await firstValueFrom(session.callTool$('steps').pipe(toArray()));
    expect(events.map(({ kind }) => kind)).toEqual(['progress', 'progress', 'result']);
    if (era === 'modern') await net.until('subscriptions/listen');
    expect(net.open.streams).toHaveLength(1);
    server.toolsChanged();
    await changed;
    expect(net.received('tools/call')).toHaveLength(2);
    await session.disconnect();
    await net[Symbol.asyncDispose]();
    expect(net.open).toEqual({ streams: [], calls: [], subscriptions: [] });
  });

  it('recovers from refused connections, cut streams and a deploy', async () => {
    const net = simulateNetwork(createServer('one'), { era });
    const session = new MCPSession(net.connector(quick));
    session.notifications$.subscribe();
    await session.connect();
    await reached(session, 'connected', true);
    net.down();
    await reached(session, 'reconnecting');
    net.up();
    await reached(session, 'connected', true);
    net.replace(createServer('two'));
    await reached(session, era === 'legacy' ? 'connected' : 'connected');
    expect(await session.callTool('echo', { text: 'two' })).toMatchObject({ content: [{ text: 'two' }] });
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('fails a call whose response is cut', async () => {
    const net = simulateNetwork(createServer(), { era });
    const session = new MCPSession(net.connector(quick), { timeout: 5_000 });
    await session.connect();
    const call = session.callTool('never').catch((error: unknown) => error);
    await net.until('tools/call');
    expect(net.open.calls).toEqual(['tools/call never']);
    net.cut();
    expect(await call).toMatchObject({ name: 'ConnectionLostError' });
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('holds, overrides and rejects responses', async () => {
    const net = simulateNetwork(createServer(), { era });
    const session = new MCPSession(net.connector());
    await session.connect();
    net.hold('tools/call');
    const seen: string[] = [];
    const call = session.callTool('echo', { text: 'held' }).then(() => seen.push('call'));
    await session.listTools().then(() => seen.push('list'));
    net.release('tools/call');
    await call;
    expect(seen).toEqual(['list', 'call']);

    net.answer('tools/call', { content: [{ type: 'text', text: 'other' }] });
    expect(await session.callTool('echo', { text: 'x' })).toMatchObject({ content: [{ text: 'other' }] });
    net.answer('tools/call', new ServerError('busy', { code: -32050, data: { retry: 1 } }));
    await expect(session.callTool('echo')).rejects.toMatchObject({
      name: 'ServerError',
      code: -32050,
      data: { retry: 1 },
    });
    net.respond({ status: 502, body: '<html>', headers: { 'content-type': 'text/html' } }, { method: 'tools/call' });
    await expect(session.callTool('echo')).rejects.toMatchObject({ retryable: true });
    expect(await session.callTool('echo', { text: 'hi' })).toMatchObject({ content: [{ text: 'hi' }] });
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('lists everything that was left open when it is disposed of', async () => {
    const net = simulateNetwork(createServer(), { era });
    const session = new MCPSession(net.connector());
    await session.connect();
    const call = session.callTool('never').catch(() => undefined);
    await net.until('tools/call');
    const error: unknown = await net[Symbol.asyncDispose]().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LeftOpenError);
    expect((error as LeftOpenError).message).toContain('call tools/call never');
    await session.disconnect();
    await call;
  });
});

describe('a simulated network', () => {
  it('drops the subscriptions of a session that the next server does not know', async () => {
    const [one, two] = [createServer(), createServer()];
    const net = simulateNetwork(one);
    const session = new MCPSession(net.connector(quick));
    await session.connect();
    const watching = session.resource$('memo://a').subscribe();
    await net.until('resources/subscribe');
    net.replace(two);
    await net.until('resources/subscribe', 2);
    watching.unsubscribe();
    await net.until('resources/unsubscribe');
    await session.disconnect();
    await expect(net[Symbol.asyncDispose]()).resolves.toBeUndefined();
    await Promise.all([one.close(), two.close()]);
  });

  it('forgets sessions, after which the session starts a new one with its subscriptions', async () => {
    const net = simulateNetwork(createServer());
    const session = new MCPSession(net.connector(quick));
    const read = firstValueFrom(session.resource$('memo://a'));
    session.resource$('memo://a').subscribe();
    await session.connect();
    await read;
    for (const method of ['resources/subscribe', 'resources/unsubscribe']) {
      await session.request(method, { uri: 'memo://b' });
    }
    expect(net.open.subscriptions).toEqual(['memo://a']);
    const gap = firstValueFrom(session.gaps$);
    net.forget();
    await net.until('initialize', 2);
    await gap;
    await net.until('resources/subscribe', 3);
    expect(new Set(net.received('resources/subscribe').map(({ session: id }) => id)).size).toBe(2);
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('drops the stream but keeps the session', async () => {
    const net = simulateNetwork(createServer());
    const session = new MCPSession(net.connector(quick));
    await session.connect();
    const again = firstValueFrom(
      session.status$.pipe(filter((status) => status.state === 'connected' && !status.listening)),
    );
    net.drop();
    await again;
    await reached(session, 'connected', true);
    expect(net.received('initialize')).toHaveLength(1);
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('runs silence, latency and outages in virtual time', async () => {
    const time = virtualTime();
    const { scheduler } = time;
    const net = simulateNetwork(createServer(), { scheduler, latency: 100 });
    const session = new MCPSession(net.connector(), { scheduler });
    const status = time.watch(session.status$);
    const connected = session.connect();
    await time.advance(1_000);
    await connected;
    expect(status.frames.map(([at, { state }]) => [at > 0, state])).toEqual([
      [false, 'idle'],
      [false, 'connecting'],
      [true, 'connected'],
    ]);
    net.silence();
    const call = session.callTool('echo', { text: 'late' });
    await time.advance(5_000);
    expect(net.received('tools/call')).toHaveLength(0);
    net.up();
    await time.advance(1_000);
    expect(await call).toMatchObject({ content: [{ text: 'late' }] });
    net.down();
    await time.advance(3_600_000);
    expect(status.frames.at(-1)?.[1].state).toBe('reconnecting');
    net.up();
    await time.advance(60_000);
    expect(status.frames.at(-1)?.[1].state).toBe('connected');
    const end = session.disconnect();
    await time.advance(1_000);
    await end;
    await net[Symbol.asyncDispose]();
  });

  it('closes a server in virtual time while a call without a client is running', async () => {
    const time = virtualTime();
    const { scheduler } = time;
    const slow = tool('slow', {}, () => timer(20_000, scheduler).pipe(map(String)));
    const server = new MCPServer({ name: 'fake', version: '1.0.0' }, { tools: [slow], scheduler });
    const net = simulateNetwork(server, { scheduler });
    const session = new MCPSession(net.connector(), { scheduler });
    const connected = session.connect();
    await time.advance(10);
    await connected;
    const call = session.callTool('slow').catch((error: unknown) => error);
    await net.until('tools/call');
    await time.settle();
    net.cut();
    net.forget();
    await time.advance(5_000);
    await call;
    expect(await firstValueFrom(server.status$)).toMatchObject({ running: 1 });
    const end = session.disconnect();
    await time.advance(1_000);
    await end;
    await net[Symbol.asyncDispose]();
    await expect(server.close()).resolves.toBeUndefined();
  });

  it('plays a diagram of notifications and faults', async () => {
    const time = virtualTime();
    const { scheduler } = time;
    const net = simulateNetwork(new MCPServer({ name: 'fake', version: '1.0.0' }, { scheduler }), { scheduler });
    const session = new MCPSession(net.connector({ reconnect: { jitter: 'none' } }), { scheduler });
    const connected = session.connect();
    await time.advance(10);
    await connected;
    const seen = time.watch(session.notifications$);
    const status = time.watch(session.status$);
    net.play(
      '-a-b 98ms x 900ms y',
      { a: ['custom/tick', { n: 1 }], b: { method: 'custom/tock' }, x: () => net.down(), y: () => net.up() },
      time,
    );
    await time.advance(10_000);
    expect(seen.marbles({ 'custom/tick': 'a', 'custom/tock': 'b' })).toBe('-a-b');
    expect(status.frames.map(([, { state }]) => state)).toContain('reconnecting');
    expect(status.frames.at(-1)?.[1].state).toBe('connected');
    expect(() => net.play('-q', {})).toThrow('play: no value for "q"');
    const end = session.disconnect();
    await time.advance(1_000);
    await end;
    await net[Symbol.asyncDispose]();
  });

  it('injects raw messages and malformed text', async () => {
    const net = simulateNetwork(createServer());
    const session = new MCPSession(net.connector());
    expect(() => net.inject('x')).toThrow(ConfigError);
    await session.connect();
    const seen = firstValueFrom(session.notifications$.pipe(take(1)));
    const error = firstValueFrom(session.errors$);
    net.inject('{ malformed');
    net.inject({ jsonrpc: '2.0', method: 'custom/raw' });
    expect(await seen).toMatchObject({ method: 'custom/raw' });
    expect((await error).message).toContain('JSON');
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });

  it('rejects invalid options', () => {
    expect(() => simulateNetwork({} as never)).toThrow('server: expected a server with fetch');
    expect(() => simulateNetwork(createServer(), { latency: -1 })).toThrow('latency: expected a number >= 0, got -1');
    expect(() => simulateNetwork(createServer(), { era: 'old' as never })).toThrow('era');
  });
});
