import { HttpConnector, MCPSession, ofMethod, type Gap, type SessionStatus } from 'rx-mcp';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { startSseServer, type SseServer } from '../../rig/startSseServer';

const reconnect = { initialDelay: 10, maxDelay: 100, jitter: 'none' } as const;

let server: SseServer;
let session: MCPSession;

beforeEach(async () => {
  server = await startSseServer();
  session = new MCPSession(new HttpConnector(server.url, { reconnect }));
});

afterEach(async () => {
  await session.disconnect();
  await server.stop();
});

describe('a server of the HTTP+SSE transport', () => {
  it('is connected to', async () => {
    await session.connect();
    expect(session.serverInfo).toEqual({ name: 'sse', version: '1' });
    expect(await firstValueFrom(session.status$)).toMatchObject({ state: 'connected', listening: true });
    expect(server.opened()).toBe(1);
  });

  it('sends notifications, and progress of calls', async () => {
    await session.connect();
    const received = firstValueFrom(session.notifications$.pipe(ofMethod('custom/hello')));
    for (const each of server.servers) await each.notification(hello);
    expect(await received).toEqual(hello);

    const events = await lastValueFrom(session.callTool$('echo', { text: 'yes' }).pipe(toArray()));
    expect(
      events.map((event) =>
        event.kind === 'progress' ? event.progress : event.kind === 'result' && event.result.content,
      ),
    ).toEqual([1, 2, 3, [{ type: 'text', text: 'yes' }]]);
  });

  it('is reconnected to when its stream drops, with a gap', async () => {
    const statuses: SessionStatus[] = [];
    const gaps: Gap[] = [];
    session.status$.subscribe((status) => statuses.push(status));
    session.gaps$.subscribe((gap) => gaps.push(gap));
    await session.connect();
    const again = firstValueFrom(session.gaps$);

    server.dropStreams();
    await again;

    expect(statuses.map(({ state }) => state)).toEqual([
      'idle',
      'connecting',
      'connected',
      'reconnecting',
      'connected',
    ]);
    expect(gaps).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ name: 'ConnectionLostError' }) as Error }),
    ]);
    expect(server.opened()).toBe(2);
    expect(await session.callTool('echo', { text: 'again' })).toMatchObject({ content: [{ text: 'again' }] });
  });

  it('receives no request after disconnect()', async () => {
    await session.connect();
    const closed = firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'closed')));
    await session.disconnect();
    expect(await closed).toEqual({ state: 'closed' });
    expect(server.opened()).toBe(1);
  });
});

describe('a URL of neither transport', () => {
  it('fails with its first response', async () => {
    const nothing = new MCPSession(new HttpConnector(new URL('/nothing', server.url)));
    await expect(nothing.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      status: 404,
      retryable: false,
    });
    await nothing.disconnect();
  });
});

const hello = { method: 'custom/hello', params: { n: 1 } };
