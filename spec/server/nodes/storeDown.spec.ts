import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { memoryBackplane, progress, tool } from 'rx-mcp/server';
import {
  concat,
  defer,
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  of,
  repeat,
  Subject,
  switchMap,
  take,
  tap,
} from 'rxjs';
import { createCallLog } from '../../../lib/server/callLog';
import { until } from '../rig/serve';
import { createCut } from './rig/createCut';
import { type Nodes, startNodes } from './rig/startNodes';

/** The number of notifications that the store keeps. */
const kept = 1_000;

describe('a node that cannot reach the store', () => {
  let nodes: Nodes;
  let session: MCPSession;
  const cuts: ReturnType<typeof createCut>[] = [];
  const steps$ = new Subject<number>();

  beforeEach(async () => {
    cuts.length = 0;
    nodes = await startNodes(
      () => ({
        tools: [
          tool('echo', {}, () => 'echo'),
          tool('steps', {}, () => concat(steps$.pipe(map((step) => progress(step))), of('done'))),
        ],
      }),
      { backplaneOf: (index, shared) => (cuts[index] = createCut(shared)).backplane },
    );
    session = new MCPSession(new HttpConnector(nodes.balancer.url, { reconnect: { initialDelay: 20, maxDelay: 100 } }));
    nodes.balancer.route = () => 0;
    session.roots$.next([{ uri: 'file:///project' }]);
    session.handle('sampling/createMessage', () => ({
      role: 'assistant',
      model: 'spec',
      content: { type: 'text', text: 'sampled' },
    }));
    session.handle('elicitation/create', () => ({ action: 'decline' }));
    await session.connect();
    await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  });
  afterEach(async () => {
    cuts.forEach((cut) => cut.restore());
    await session.disconnect();
    await nodes.close();
  });

  it('reports the outage, serves calls of its sessions, and continues their streams after the outage', async () => {
    const [a, b] = nodes.nodes;
    const received: unknown[] = [];
    const gaps: unknown[] = [];
    session.notifications$.subscribe(({ params }) => received.push(params?.['n']));
    session.gaps$.subscribe((gap) => gaps.push(gap));

    cuts[0]!.cut();
    expect(await firstValueFrom(a!.server.status$)).toMatchObject({ backplane: 'down' });
    expect(await session.callTool('echo')).toMatchObject({ content: [{ text: 'echo' }] });
    await b!.server.notify('custom/count', { n: 1 });
    await b!.server.notify('custom/count', { n: 2 });
    expect(received).toEqual([]);

    cuts[0]!.restore();
    await until(() => received.length === 2, 'what was sent meanwhile');
    expect(received).toEqual([1, 2]);
    expect(gaps).toEqual([]);
    expect(await firstValueFrom(a!.server.status$)).toMatchObject({ backplane: 'up', sessions: 1 });
  });

  it('reports a gap if the store no longer keeps what was sent during the outage', async () => {
    const received: unknown[] = [];
    session.notifications$.subscribe(({ params }) => received.push(params?.['n']));
    const gap = firstValueFrom(session.gaps$);
    cuts[0]!.cut();
    for (let n = 1; n <= kept + 100; n++) await nodes.nodes[1]!.server.notify('custom/count', { n });
    cuts[0]!.restore();
    expect((await gap).cause).toBeInstanceOf(Error);
    await nodes.nodes[1]!.server.notify('custom/count', { n: 'last' });
    await until(() => received.at(-1) === 'last', 'the notification after the gap');
    expect(new Set(received).size).toBe(received.length);
  });

  it('delivers the progress and the result of a pending call', async () => {
    const seen: unknown[] = [];
    const done = new Promise<void>((complete, error) => {
      session.callTool$('steps').subscribe({
        next: (event) => seen.push(event.kind === 'progress' ? event.progress : event.kind),
        complete,
        error,
      });
    });
    await until(() => steps$.observed, 'the call to run');
    steps$.next(1);
    await until(() => seen.length === 1, 'the first step');
    cuts[0]!.cut();
    steps$.next(2);
    steps$.next(3);
    steps$.complete();
    await done;
    expect(seen).toEqual([1, 2, 3, 'result']);
  });

  it('rejects new sessions, and sessions of other nodes, with 503 and Retry-After', async () => {
    const { send } = nodes.nodes[1]!.served;
    const id = (await nodes.nodes[0]!.served.send({ json: initialize })).headers.get('mcp-session-id') ?? '';
    cuts[1]!.cut();
    const other = { json: { jsonrpc: '2.0', id: 1, method: 'tools/list' }, version: '2025-11-25' };
    for (const request of [{ json: initialize }, { ...other, session: id }]) {
      const response = await send(request);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('1');
    }
  });

  it('rejects an unknown session with 503 until the other nodes have stored their sessions again', async () => {
    const [a, b] = nodes.nodes;
    const id = (await a!.served.send({ json: initialize })).headers.get('mcp-session-id') ?? '';
    const list = { json: { jsonrpc: '2.0', id: 1, method: 'tools/list' }, session: id, version: '2025-11-25' };
    cuts.forEach((cut) => cut.cut());
    for (const key of ['epoch', `s:${id}`]) await nodes.backplane.delete(key);

    cuts[1]!.restore();
    const early = await b!.served.send(list);
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    cuts[0]!.restore();
    while ((await nodes.backplane.get(`s:${id}`)) === undefined) await new Promise(setImmediate);
    expect((await b!.served.send(list)).status).toBe(200);
    const unknownSession = { ...list, session: 'unknown' };
    await firstValueFrom(
      defer(() => b!.served.send(unknownSession)).pipe(
        repeat({ delay: 100 }),
        filter(({ status }) => status === 404),
      ),
    );
  });

  it('rejects notify', async () => {
    const { server } = nodes.nodes[0]!;
    cuts[0]!.cut();
    await expect(server.notify('custom/count', { n: 1 })).rejects.toThrow('store: not connected');
  });

  it('errors the Observable of a request to the client, and sends it to a subscriber after the outage', async () => {
    const { server } = nodes.nodes[0]!;
    const client = await firstValueFrom(server.sessions$);
    const requests: Observable<unknown>[] = [
      client.request$('custom/x'),
      client.sample$({ messages: [], maxTokens: 1 }),
      client.elicit$({ message: 'Continue?', schema: { type: 'object', properties: {} } }),
    ];
    cuts[0]!.cut();
    for (const request$ of requests) {
      await expect(lastValueFrom(request$)).rejects.toMatchObject({
        name: 'ConnectionLostError',
        retryable: true,
        message: 'store: not connected',
      });
    }
    cuts[0]!.restore();
    expect(await lastValueFrom(requests[1]!)).toMatchObject({ content: { text: 'sampled' } });
  });

  it('requests the roots again after the outage', async () => {
    const { server, errors } = nodes.nodes[0]!;
    const client = await firstValueFrom(server.sessions$);
    const received: string[][] = [];
    cuts[0]!.cut();
    client.roots$.subscribe((roots) => received.push(roots.map(({ uri }) => uri)));
    await until(
      () => errors.some(({ message }) => message === 'roots$: requesting the roots failed (store: not connected)'),
      'the error',
    );
    cuts[0]!.restore();
    await until(() => received.length === 1, 'the roots');
    expect(received).toEqual([['file:///project']]);
  });
});

describe('a request to a client whose response stream is cut', () => {
  const ask$ = new Subject<void>();
  const outcomes: unknown[] = [];
  const ask = tool('ask', {}, (_, { elicit$ }) =>
    ask$.pipe(
      take(1),
      switchMap(() => elicit$('go', { message: 'Continue?', schema: { type: 'object', properties: {} } })),
      tap({ error: (error: unknown) => outcomes.push(error) }),
    ),
  );
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'ask', arguments: {} } };

  /** Starts a call on the first node, and cuts its response stream. */
  async function startCutCall({ nodes: [a] }: Nodes): Promise<void> {
    const { http, send } = a!.served;
    const params = { ...initialize.params, capabilities: { elicitation: {} } };
    const session = (await send({ json: { ...initialize, params } })).headers.get('mcp-session-id') ?? '';
    const leaving = new AbortController();
    const received = once(http, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    await send({ json: call, session, version: '2025-11-25', signal: leaving.signal });
    const [, response] = await received;
    await until(() => ask$.observed, 'the call to run');
    const closed = once(response, 'close');
    leaving.abort();
    await closed;
  }

  beforeEach(() => {
    outcomes.length = 0;
  });

  it('errors if the store is down, because it cannot be delivered', async () => {
    const cuts: ReturnType<typeof createCut>[] = [];
    const nodes = await startNodes(() => ({ tools: [ask] }), {
      backplaneOf: (index, shared) => (cuts[index] = createCut(shared)).backplane,
    });
    await startCutCall(nodes);
    cuts[0]!.cut();
    ask$.next();
    await until(() => outcomes.length > 0, 'the outcome');

    expect(outcomes).toMatchObject([{ name: 'ConnectionLostError', message: 'store: not connected', retryable: true }]);
    cuts[0]!.restore();
    await nodes.close();
  });

  it('errors without replay, because the client cannot resume the response', async () => {
    const nodes = await startNodes(() => ({ tools: [ask], replay: false }));
    await startCutCall(nodes);
    ask$.next();
    await until(() => outcomes.length > 0, 'the outcome');

    const message = 'response stream: ended, and cannot be resumed without replay';
    expect(outcomes).toMatchObject([{ name: 'ConnectionLostError', message, retryable: true }]);
    await nodes.close();
  });

  it('errors if the stream is cut after the store failed, before the client has read the request', async () => {
    const cuts: ReturnType<typeof createCut>[] = [];
    const lost: unknown[] = [];
    const log = createCallLog({
      key: 'a',
      log: 'r:a',
      backplane: (cuts[0] = createCut(memoryBackplane())).backplane,
      buffer: 1_000,
      onError: () => undefined,
    });
    cuts[0].cut();
    log.add('read', 'message', (cause) => lost.push(['read', cause]));
    log.take();
    log.add('unread', 'message', (cause) => lost.push(['unread', cause]));
    await new Promise(setImmediate);
    expect(lost).toEqual([]);
    log.detach();

    expect(lost).toEqual([['unread', expect.objectContaining({ name: 'ConnectionLostError' })]]);
  });
});

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
