import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { HttpConnector, MCPSession, ofMethod, ServerError } from 'rx-mcp';
import { recording, replaying, virtualTime } from 'rx-mcp/testing';
import { startLegacyServer } from '../rig/startLegacyServer';

/** Resolves when a session is connected and listens. */
function listening(session: MCPSession): Promise<unknown> {
  return firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
}

const heartbeat = ofMethod('custom/heartbeat');

/** Uses the recorded session like a program would. */
async function use(session: MCPSession): Promise<unknown[]> {
  const tools = await session.listTools();
  const call$ = session.callTool$('long_task', { steps: 2 });
  const events = await lastValueFrom(call$.pipe(toArray()));
  return [tools.map(({ name }) => name), events.map((event) => ({ ...event, progressToken: undefined }))];
}

describe('a recorded session', () => {
  const lines: string[] = [];
  let used: unknown[];
  let counts: unknown[];

  beforeAll(async () => {
    const first = await startLegacyServer({ args: ['--heartbeat', '20'] });
    const session = new MCPSession(
      recording(new HttpConnector(first.url, { reconnect: { initialDelay: 50, maxDelay: 50 } }), (line) =>
        lines.push(line),
      ),
    );
    const received: unknown[] = [];
    session.notifications$.pipe(heartbeat).subscribe(({ params }) => received.push(params));
    await session.connect();
    used = await use(session);
    await firstValueFrom(session.notifications$.pipe(heartbeat));
    const reconnecting = firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'reconnecting')));
    first.kill();
    await reconnecting;
    const gap = firstValueFrom(session.gaps$);
    const second = await startLegacyServer({ args: ['--heartbeat', '20'], port: first.port });
    await Promise.all([listening(session), gap]);
    await session.callTool('echo', { text: 'again' });
    await firstValueFrom(session.notifications$.pipe(heartbeat));
    counts = received.slice();
    await session.disconnect();
    await second.stop();
  });

  it('contains a header, messages, losses and gaps with their times', () => {
    const [header, ...events] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(header).toEqual({
      'mcp-recording': 1,
      server: 'rx-mcp-rig-legacy',
      era: 'legacy',
      protocolVersion: '2025-11-25',
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      by: expect.stringMatching(/^rx-mcp\/\d/),
    });
    expect(events[0]).toMatchObject({ c: 1, dir: 'out', message: { jsonrpc: '2.0', method: 'initialize' } });
    expect(events.map(({ t }) => t)).toEqual([...events.map(({ t }) => t as number)].sort((one, other) => one - other));
    const names = events.map(({ event }) => event).filter(Boolean);
    expect(names.filter((name) => name === 'open')).toHaveLength(2);
    expect(names).toContain('lost');
    expect(events.find(({ event }) => event === 'gap')).toMatchObject({
      since: expect.any(Number),
      until: expect.any(Number),
    });
    expect(names.at(-1)).toBe('closed');
  });

  it('replays its reconnection in virtual time', async () => {
    const time = virtualTime();
    const session = new MCPSession(replaying(lines), { scheduler: time.scheduler });
    const status = time.watch(session.status$);
    const gaps = time.watch(session.gaps$);
    const received = time.watch(session.notifications$.pipe(heartbeat));
    const connected = session.connect();
    const opened = lines
      .map((line) => JSON.parse(line) as { event?: string; t: number })
      .find((l) => l.event === 'open');
    await time.advance(opened!.t + 1);
    await connected;
    const again = use(session);
    await time.advance(10_000);
    expect(await again).toEqual(used);

    await time.advance(600_000);
    const states = status.frames.map(([, { state }]) => state);
    expect(states.slice(0, 3)).toEqual(['idle', 'connecting', 'connected']);
    expect(states).toContain('reconnecting');
    expect(states.at(-1)).toBe('connected');
    expect(gaps.frames).toHaveLength(1);
    const echo = session.callTool('echo', { text: 'again' });
    await time.advance(10_000);
    expect(await echo).toMatchObject({ content: [{ text: 'again' }] });
    expect(received.frames.map(([, { params }]) => params).slice(0, counts.length)).toEqual(counts);
    await session.disconnect();
  });

  it('replays as soon as possible, in the recorded order', async () => {
    const time = virtualTime();
    const session = new MCPSession(replaying(lines, { pace: 'asap' }), { scheduler: time.scheduler });
    const connected = session.connect();
    await time.advance(0);
    await connected;
    const again = use(session);
    await time.advance(0);
    expect(await again).toEqual(used);
    expect(time.now()).toBe(0);
    await session.disconnect();
  });

  it("answers in any order, and repeatedly, with match: 'any'", async () => {
    const time = virtualTime();
    const session = new MCPSession(replaying(lines, { match: 'any', pace: 'asap' }), { scheduler: time.scheduler });
    const connected = session.connect();
    await time.advance(0);
    await connected;
    const both = Promise.all([session.callTool('echo', { text: 'again' }), session.listTools(), session.listTools()]);
    await time.advance(0);
    const [echo, one, two] = await both;
    expect(echo).toMatchObject({ content: [{ text: 'again' }] });
    expect(one).toEqual(two);
    await session.disconnect();
  });

  it.each([
    ['ordered', 'replaying: tools/call "other" is not in the recording; the next recorded request is tools/list'],
    ['any', 'replaying: tools/call "other" is not in the recording'],
  ] as const)('rejects a request that was not recorded with an error that names it: %s', async (match, message) => {
    const session = new MCPSession(replaying(lines, { match, pace: 'asap' }));
    await session.connect();
    const error: unknown = await session.callTool('other').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ message });
    await session.ping();
    await session.disconnect();
  });

  it.each([
    ['ordered', 'replaying: tools/call "echo" is not in the recording; the next recorded request differs in'],
    ['any', 'replaying: tools/call "echo" is not in the recording; a recorded request differs in'],
  ] as const)('names the first member that differs from the recorded request: %s', async (match, message) => {
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call' };
    const recorded = [
      ...lines.slice(0, lines.findIndex((line) => line.includes('"event":"open"')) + 1),
      JSON.stringify({
        t: 1,
        c: 1,
        dir: 'out',
        message: { ...call, params: { name: 'echo', arguments: { text: 'one', deep: [{ a: 1 }] } } },
      }),
      JSON.stringify({ t: 2, c: 1, dir: 'in', message: { jsonrpc: '2.0', id: 1, result: { content: [] } } }),
    ];
    const session = new MCPSession(replaying(recorded, { match, pace: 'asap' }));
    await session.connect();
    const deep = [{ a: 1 }];
    await expect(session.callTool('echo', { text: 'two', deep })).rejects.toThrow(`${message} params.arguments.text`);
    await expect(session.callTool('echo', { text: 'one', deep: [{ a: 2 }] })).rejects.toThrow(
      `${message} params.arguments.deep.0.a`,
    );
    await expect(session.callTool('echo', { text: 'one', deep, more: 1 })).rejects.toThrow(
      `${message} params.arguments.more`,
    );
    await expect(session.callTool('echo')).rejects.toThrow(`${message} params.arguments`);
    await session.disconnect();
  });

  it('has no further connection after the last one', async () => {
    const connector = replaying(lines, { match: 'any' });
    for (;;) {
      const session = new MCPSession(connector);
      const error: unknown = await session.connect().catch((reason: unknown) => reason);
      await session.disconnect();
      if (error === undefined || (error as Error).message.includes('lost')) continue;
      expect(error).toMatchObject({ name: 'ConnectionFailedError', retryable: false });
      if ((error as Error).message.includes('no further connection')) break;
    }
  });
});
