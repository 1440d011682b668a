import { firstValueFrom, lastValueFrom, NEVER, type Observable, Subject } from 'rxjs';
import { MCPServer, type ServerSession, tool } from 'rx-mcp/server';
import { begin, readEvents } from './faults/rig';
import { startNodes } from './nodes/rig/startNodes';
import { serve, until, type Served } from './rig/serve';

const call = (name: string, id = 1) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
const ping = { jsonrpc: '2.0', id: 9, method: 'ping' };

describe('closing a server', () => {
  let served: Served;
  let server: MCPServer;
  let work$: Subject<string>;
  beforeEach(async () => {
    work$ = new Subject();
    server = new MCPServer(
      { name: 'spec', version: '1' },
      { tools: [tool('work', {}, () => work$), tool('hang', {}, () => NEVER)] },
    );
    served = await serve(server);
  });
  afterEach(() => served.close());

  it('lets running calls finish within `grace` ms, and rejects new requests with 503', async () => {
    const session = await begin(served);
    const stream = await session.get();
    const response = await session.post(call('work'));
    await until(() => work$.observed, 'the call');
    let isClosed = false;
    const closed = server.close({ grace: 60_000 }).then(() => (isClosed = true));
    expect((await session.post(ping)).status).toBe(503);
    expect((await session.get()).status).toBe(503);
    expect(isClosed).toBe(false);
    work$.next('finished');
    work$.complete();
    expect(await readEvents(response)).toMatchObject([
      { data: { id: 1, result: { content: [{ text: 'finished' }] } } },
    ]);
    await closed;
    expect(await readEvents(stream)).toEqual([]);
  });

  it('lets calls of protocol 2026-07-28 finish as well', async () => {
    const version = '2026-07-28';
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const request = { ...call('work'), params: { name: 'work', arguments: {}, _meta } };
    const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'work' };
    const response = served.send({ json: request, version, headers });
    await until(() => work$.observed, 'the call');
    const closed = server.close({ grace: 60_000 });
    work$.next('finished');
    work$.complete();
    expect(await (await response).text()).toContain('"text":"finished"');
    await closed;
  });

  it('unsubscribes from calls that run longer, and ends all streams', async () => {
    const states: string[] = [];
    server.calls$.subscribe(({ state }) => states.push(state));
    const session = await begin(served);
    const stream = await session.get();
    const response = await session.post(call('hang'));
    await until(() => states.length === 1, 'the call');
    await server.close({ grace: 5 });
    expect(states).toEqual(['started', 'cancelled']);
    expect(await readEvents(stream)).toEqual([]);
    expect(await readEvents(response)).toMatchObject([{ data: { id: 1, error: { data: { reason: 'node_lost' } } } }]);
  });

  it('completes all streams of the server and of its sessions, and is idempotent', async () => {
    await begin(served);
    const session = await firstValueFrom(server.sessions$);
    const streams: Observable<unknown>[] = [
      server.sessions$,
      server.notifications$,
      server.calls$,
      server.errors$,
      server.status$,
      session.notifications$,
      session.listening$,
    ];
    const completed = Promise.all(streams.map((stream$) => lastValueFrom(stream$, { defaultValue: undefined })));
    const ended = lastValueFrom(session.ended$);
    const closed = server.close();
    expect(server.close()).toBe(closed);
    await server[Symbol.asyncDispose]();
    await completed;
    expect(await ended).toBe('closed');
    await expect(session.notify('custom/x')).rejects.toMatchObject({ name: 'SessionClosedError' });
  });

  it('leaves the sessions of one node of several resumable at the others', async () => {
    const nodes = await startNodes(() => ({}));
    const [a, b] = nodes.nodes;
    const ends: string[] = [];
    a!.server.sessions$.subscribe(({ ended$ }) => ended$.subscribe((reason) => ends.push(reason)));
    const atA = await begin(a!.served);
    const stream = await atA.get();
    await b!.server.notify('custom/n', { n: 1 });
    const reader = readEvents(stream);
    await a!.server.notify('custom/n', { n: 2 });
    await a!.server.close();
    const last = (await reader).at(-1)!.id;
    expect(ends).toEqual(['closed']);
    await b!.server.notify('custom/n', { n: 3 });
    const resumed = await b!.served.send({
      method: 'GET',
      session: atA.id,
      version: '2025-11-25',
      headers: { accept: 'text/event-stream', 'last-event-id': last! },
    });
    expect(resumed.status).toBe(200);
    expect(await readEvents(resumed, 1)).toMatchObject([{ data: { params: { n: 3 } } }]);
    await nodes.close();
  });

  it('emits the current sessions to a late subscriber, then each new one', async () => {
    const one = await begin(served);
    const seen: ServerSession[] = [];
    server.sessions$.subscribe((session) => seen.push(session));
    const two = await begin(served);
    expect(seen.map(({ id }) => id)).toEqual([one.id, two.id]);
  });
});
