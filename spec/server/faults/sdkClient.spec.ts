import type { Socket } from 'node:net';
import { defer, finalize, firstValueFrom, interval, map, take, toArray } from 'rxjs';
import { MCPServer, progress, type ServerSession, tool } from 'rx-mcp/server';
import { floodSessions } from '../rig/floodSessions';
import { serve, until, type Served } from '../rig/serve';

/** A `fetch` that stores the open responses to POSTs, and can cut the stream of the session. */
function watchedFetch() {
  const open = new Set<Response>();
  let cut: () => void = () => undefined;
  const watched: typeof fetch = async (url, init) => {
    const abort = new AbortController();
    const signal = AbortSignal.any([abort.signal, ...(init?.signal ? [init.signal] : [])]);
    const response = await fetch(url, { ...init, signal });
    if (init?.method === 'GET' && response.ok) cut = () => abort.abort();
    if (!response.body || response.headers.get('content-type') !== 'text/event-stream') return response;
    if (init?.method !== 'POST') return response;
    open.add(response);
    const body = response.body.pipeThrough(new TransformStream({ flush: () => void open.delete(response) }));
    return new Response(body, response);
  };
  return { fetch: watched, open, cut: () => cut() };
}

describe("MCPServer, without the faults of the SDK's servers, with the SDK's client", () => {
  let served: Served;
  let server: MCPServer;
  let running = 0;
  const work$ = defer(() => {
    running++;
    return interval(1).pipe(
      map((n) => progress(n)),
      finalize(() => running--),
    );
  });
  const firstSession = (): Promise<ServerSession> => firstValueFrom(server.sessions$);
  const open = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    running = 0;
    server = new MCPServer({ name: 'spec', version: '1' }, { tools: [tool('work', {}, () => work$)], ...options });
    served = await serve(server);
  };
  afterEach(() => served.close());

  it('3: delivers notifications that were sent before the stream opened', async () => {
    await open();
    server.sessions$.subscribe((session) => {
      for (let n = 0; n < 10; n++) void session.notify('custom/early', { n });
    });
    const { notifications } = await served.connect();
    await until(() => notifications.length === 10, 'ten notifications');
    expect(notifications.map(({ params }) => params?.['n'])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('5: unsubscribes from cancelled calls, and ends their responses', async () => {
    await open();
    const { fetch, open: responses } = watchedFetch();
    const { client } = await served.connect({ fetch });
    const aborts = [1, 2, 3, 4, 5].map(() => new AbortController());
    const calls = aborts.map(({ signal }) => client.callTool({ name: 'work' }, undefined, { signal }));
    await until(() => running === 5, 'five calls');
    for (const abort of aborts) abort.abort();
    for (const call of calls) await expect(call).rejects.toThrow();
    await until(() => running === 0, 'the calls to end');
    await until(() => responses.size === 0, 'the responses to end');
  });

  it('6: keeps the notifications of two sessions apart', async () => {
    await open();
    const sessions = firstValueFrom(server.sessions$.pipe(take(2), toArray()));
    const one = await served.connect();
    const two = await served.connect();
    const [first, second] = await sessions;
    await first!.notify('custom/first');
    await second!.notify('custom/second');
    await until(() => one.notifications.length + two.notifications.length === 2, 'the notifications');
    expect([one.notifications, two.notifications]).toMatchObject([
      [{ method: 'custom/first' }],
      [{ method: 'custom/second' }],
    ]);
  });

  it('7: delivers each notification once to a stream that is cut and resumed', async () => {
    await open();
    const { fetch, cut } = watchedFetch();
    const { notifications } = await served.connect({ fetch });
    const session = await firstSession();
    await session.notify('custom/n', { n: 0 });
    await until(() => notifications.length === 1, 'the first notification');
    cut();
    for (let n = 1; n < 60; n++) await session.notify('custom/n', { n });
    await until(() => notifications.length === 60, 'all notifications');
    expect(notifications.map(({ params }) => params?.['n'])).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('8: unsubscribes from the calls of a session that the client deletes', async () => {
    await open();
    const { client, transport } = await served.connect();
    const call = client.callTool({ name: 'work' });
    call.catch(() => undefined);
    await until(() => running === 1, 'the call');
    await transport.terminateSession();
    await until(() => running === 0, 'the call to end');
  });

  it('9: ends the session of a client that closes without deleting it', async () => {
    await open({ sessions: { idle: 1_000 } });
    const { client } = await served.connect();
    const ended = firstValueFrom((await firstSession()).ended$);
    await client.close();
    expect(await ended).toBe('idle');
  });

  it('10: bounds the messages that wait for a client that does not read its stream, and serves its calls', async () => {
    await open({ buffer: 100_000, replay: { events: 100 }, tools: [tool('echo', {}, () => 'echo')] });
    const connections = new Set<Socket>();
    served.http.on('connection', (connection: Socket) => connections.add(connection));
    let isOpen = false;
    const { client } = await served.connect({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (init?.method !== 'GET') return response;
        isOpen = true;
        // The client waits for a stream that never emits, and nothing reads the stream of the server.
        return new Response(new ReadableStream(), response);
      },
    });
    await until(() => isOpen, 'the stream');
    const maxWaiting = await floodSessions(server, connections);
    expect(maxWaiting).toBeGreaterThan(0);
    expect(maxWaiting).toBeLessThan(110_000);
    expect(await client.callTool({ name: 'echo' })).toMatchObject({ content: [{ text: 'echo' }] });
  });
});
