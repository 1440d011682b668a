import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { concat, filter, finalize, firstValueFrom, forkJoin, interval, map, NEVER, of, switchMap, take } from 'rxjs';
import { MCPSession, HttpConnector, listChanged } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { log, MCPServer, progress, resource, tool } from 'rx-mcp/server';
import { z } from 'zod';
import { quickSdk } from '../rig/quick';
import { serve, until, type Served } from './rig/serve';

describe('a server of protocol 2026-07-28', () => {
  let served: Served | undefined;
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await served?.close();
  });

  async function connect(server: MCPServer, prepare?: (client: Client) => void) {
    served = await serve(server);
    const client = new Client(
      { name: 'spec', version: '1' },
      {
        capabilities: { elicitation: { form: {} }, roots: {}, sampling: {} },
        versionNegotiation: { mode: { pin: '2026-07-28' } },
      },
    );
    prepare?.(client);
    await client.connect(new StreamableHTTPClientTransport(served.url, { reconnectionOptions: quickSdk }));
    open.push(client);
    return client;
  }

  it('serves calls, with progress, on the URL of the other versions', async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [
          tool('steps', {}, (_, { session }) =>
            concat(
              interval(1).pipe(
                take(3),
                map((n) => progress(n + 1, 3)),
              ),
              of(log('info', 'x'), `done ${typeof session}`),
            ),
          ),
        ],
      },
    );
    const sessions: unknown[] = [];
    server.sessions$.subscribe((session) => sessions.push(session));
    const client = await connect(server);
    expect((await client.listTools()).tools).toMatchObject([{ name: 'steps' }]);
    const seen: number[] = [];
    const result = await client.callTool({ name: 'steps' }, { onprogress: ({ progress }) => seen.push(progress) });
    expect(result).toMatchObject({ content: [{ text: 'done undefined' }] });
    expect(seen).toEqual([1, 2, 3]);
    expect(sessions).toEqual([]);
    const older = await served!.connect();
    expect((await older.client.listTools()).tools).toHaveLength(1);
  });

  it('ends a call that requests input, and runs it again with the answers of all rounds', async () => {
    let runs = 0;
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        secret: 'x'.repeat(32),
        tools: [
          tool('ask', {}, (_, { elicit$, roots$ }) => {
            runs++;
            const schema = z.object({ v: z.string() });
            return forkJoin([elicit$('a', { message: 'a', schema }), roots$]).pipe(
              switchMap(([a, roots]) =>
                elicit$('b', { message: 'b', schema }).pipe(
                  map((b) => `${a.content!.v} ${roots[0]!.uri} ${b.content!.v}`),
                ),
              ),
            );
          }),
        ],
      },
    );
    const rounds: string[] = [];
    const states: string[] = [];
    server.calls$.subscribe(({ state }) => states.push(state));
    const client = await connect(server, (client) => {
      client.setRequestHandler('elicitation/create', ({ params }) => {
        rounds.push(params.message);
        return { action: 'accept', content: { v: params.message.toUpperCase() } };
      });
      client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///r' }] }));
    });
    expect(await client.callTool({ name: 'ask' })).toMatchObject({ content: [{ text: 'A file:///r B' }] });
    expect(rounds).toEqual(['a', 'b']);
    expect(runs).toBe(3);
    const round = ['started', 'input_required'];
    expect(states).toEqual([...round, ...round, 'started', 'done']);
  });

  it('unsubscribes when the client disconnects', async () => {
    let unsubscribed = 0;
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      { tools: [tool('endless', {}, () => concat(of(progress(1)), NEVER).pipe(finalize(() => unsubscribed++)))] },
    );
    const client = await connect(server);
    const abort = new AbortController();
    const call = client.callTool({ name: 'endless' }, { signal: abort.signal, onprogress: () => abort.abort() });
    await expect(call).rejects.toThrow();
    await until(() => unsubscribed === 1, 'unsubscribe');
  });

  it("serves this library's client: list changes, and a live resource that runs while it has subscribers", async () => {
    let running = 0;
    const source$ = interval(5).pipe(
      map(String),
      finalize(() => running--),
    );
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      { tools: [], resources: [resource('live://x', {}, () => (running++, source$))], coalesce: 1 },
    );
    served = await serve(server);
    const session = new MCPSession(new HttpConnector(served.url, { engine: modern({ negotiation: 'modern' }) }));
    open.push({ close: () => session.disconnect() });
    await session.connect();
    await session.initialize();
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    const updated = firstValueFrom(session.resource$('live://x').pipe(filter((_, n) => n > 1)));
    await firstValueFrom(
      interval(20).pipe(
        take(5),
        map(() => server.toolsChanged()),
        filter((_, n) => n === 4),
      ),
    );
    await changed;
    await updated;
    await session.disconnect();
    await until(() => running === 0, 'unsubscribe');
  });
});
