import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { HttpConnector, MCPSession, type Notification } from 'rx-mcp';
import { progress, resource, tool } from 'rx-mcp/server';
import { BehaviorSubject, concat, filter, finalize, firstValueFrom, map, NEVER, of, Subject } from 'rxjs';
import { until } from '../rig/serve';
import { type Nodes, startNodes } from './rig/startNodes';

const isPost = ({ method }: { method?: string | undefined }): boolean => method === 'POST';

describe('a server of two nodes', () => {
  let started: Nodes | undefined;
  const sessions: MCPSession[] = [];
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.disconnect()));
    await started?.close();
    started = undefined;
  });

  const start = async (...args: Parameters<typeof startNodes>): Promise<Nodes> => (started = await startNodes(...args));

  /** Connects a session whose GETs go to one node and whose POSTs go to another. */
  const connect = async ({ balancer }: Nodes, { get = 0, post = 1 } = {}): Promise<MCPSession> => {
    const session = new MCPSession(new HttpConnector(balancer.url, { reconnect: { initialDelay: 20, maxDelay: 100 } }));
    sessions.push(session);
    balancer.route = (request) => (isPost(request) ? post : get);
    await session.connect();
    await listening(session);
    return session;
  };
  const listening = (session: MCPSession) =>
    firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
  const record = (session: MCPSession): Notification[] => {
    const received: Notification[] = [];
    session.notifications$.subscribe((notification) => received.push(notification));
    return received;
  };
  const counts = (received: readonly Notification[], of = 'custom/count'): unknown[] =>
    received.filter(({ method }) => method === of).map(({ params }) => params?.['n']);

  /** Calls a tool that never completes at the first node. Later requests go to the second node. */
  const callEndless = async () => {
    let unsubscribed = 0;
    const running$ = new Subject<void>();
    const nodes = await start(() => ({
      tools: [
        tool('endless', {}, () => {
          running$.next();
          return NEVER.pipe(finalize(() => unsubscribed++));
        }),
      ],
    }));
    const session = await connect(nodes);
    nodes.balancer.route = () => 0;
    const running = firstValueFrom(running$);
    const call = session.callTool$('endless').subscribe({ error: () => undefined });
    await running;
    nodes.balancer.route = () => 1;
    return { nodes, session, call, ended: () => until(() => unsubscribed === 1, 'the call to end') };
  };

  it('delivers notifications of another node: to one session, to a principal, to all', async () => {
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }));
    const session = await connect(nodes);
    const received = record(session);
    const [a, b] = nodes.nodes;
    const atB = firstValueFrom(b!.server.sessions$);
    await a!.server.notify('custom/count', { n: 1 });
    await (await atB).notify('custom/count', { n: 2 });
    await b!.server.notify('custom/count', { n: 3 }, { session: (await atB).id });
    await b!.server.notify('custom/count', { n: 0 }, { principal: 'other' });
    await b!.server.notify('custom/count', { n: 4 });
    await until(() => counts(received).length === 4, 'four notifications');
    expect(counts(received).sort()).toEqual([1, 2, 3, 4]);
  });

  it('shows at each node whether a session listens', async () => {
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }), { count: 3 });
    const session = await connect(nodes);
    const atThird = firstValueFrom(nodes.nodes[2]!.server.sessions$);
    nodes.balancer.route = () => 2;
    await session.callTool('x');
    expect(await firstValueFrom((await atThird).listening$)).toBe(true);
  });

  it('delivers notifications of a node that has served no request of the session', async () => {
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }), { count: 3 });
    const session = await connect(nodes);
    const received = record(session);
    const { id } = await firstValueFrom(nodes.nodes[0]!.server.sessions$);
    await nodes.nodes[2]!.server.notify('custom/count', { n: 1 }, { session: id });
    await nodes.nodes[2]!.server.notify('custom/count', { n: 2 });
    await until(() => counts(received).length === 2, 'both notifications');
    expect(counts(received).sort()).toEqual([1, 2]);
  });

  it('serves each request at any node', async () => {
    const nodes = await start((index) => ({ tools: [tool('where', {}, () => `node ${index}`)] }));
    const session = await connect(nodes);
    nodes.balancer.route = undefined;
    const answers = new Set<unknown>();
    for (let call = 0; call < 4; call++) {
      const { content } = await session.callTool('where');
      answers.add(content[0]?.type === 'text' && content[0].text);
    }
    expect(answers).toEqual(new Set(['node 0', 'node 1']));
  });

  it('delivers each number once and in order, while the stream moves between nodes on which both send', async () => {
    // A store outside of the process has delays.
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }), {
      backplaneOf: (_, shared) => ({
        ...shared,
        last: async (log) => (await pause(), shared.last(log)),
        range: async (log, ...rest) => (await pause(), shared.range(log, ...rest)),
      }),
    });
    const session = await connect(nodes);
    const received = record(session);
    const gaps: unknown[] = [];
    session.gaps$.subscribe((gap) => gaps.push(gap));
    const { id } = await firstValueFrom(nodes.nodes[1]!.server.sessions$);
    let n = 0;
    const send = async (): Promise<void> => {
      n++;
      await nodes.nodes[n % 2]!.server.notify('custom/count', { n });
      await nodes.nodes[n % 2]!.server.notify('custom/own', { n }, { session: id });
      await pause();
    };
    for (let holder = 0; n < 300; holder = 1 - holder) {
      for (let count = 0; count < 20; count++) await send();
      nodes.balancer.route = (request) => (isPost(request) ? undefined : 1 - holder);
      nodes.nodes[holder]!.served.http.closeAllConnections();
      const moved = firstValueFrom(
        nodes.nodes[1 - holder]!.server.status$.pipe(filter((status) => status.listening === 1)),
      );
      for (let count = 0; count < 20; count++) await send();
      await moved;
    }
    await until(() => received.length >= 2 * n, 'all notifications');
    const all = Array.from({ length: n }, (_, index) => index + 1);
    expect(counts(received)).toEqual(all);
    expect(counts(received, 'custom/own')).toEqual(all);
    expect(gaps).toEqual([]);
  });

  it('appends a broadcast once, regardless of the number of sessions', async () => {
    let appends = 0;
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }), {
      backplaneOf: (_, shared) => ({
        ...shared,
        append: (log, ...rest) => {
          if (log === 'b') appends++;
          return shared.append(log, ...rest);
        },
      }),
    });
    const received: Notification[][] = [];
    for (let n = 0; n < 5; n++) received.push(record(await connect(nodes, { get: n % 2, post: (n + 1) % 2 })));
    appends = 0;
    await nodes.nodes[0]!.server.notify('custom/count', { n: 1 });
    await until(() => received.every((each) => counts(each).length === 1), 'every session');
    expect(appends).toBe(1);
  });

  it('delivers toolsChanged and resourceUpdated of one node to a client whose stream is at another', async () => {
    const load = resource('live://load', { name: 'load' }, () => of('x'));
    const nodes = await start(() => ({ coalesce: 1, tools: [tool('x', {}, () => 'x')], resources: [load] }));
    const session = await connect(nodes);
    const received = record(session);
    await firstValueFrom(session.resource$('live://load'));
    session.resource$('live://load').subscribe();
    await session.readResource('live://load');
    nodes.nodes[1]!.server.toolsChanged();
    nodes.nodes[1]!.server.resourceUpdated('live://load');
    const methods = (): string[] => received.map(({ method }) => method).sort();
    await until(() => methods().length >= 2, 'both notifications');
    expect(methods()).toEqual(['notifications/resources/updated', 'notifications/tools/list_changed']);
  });

  it('accepts a response at any node, for a request of a call and of a session', async () => {
    const nodes = await start((index) => ({
      tools: [
        tool('ask', {}, (_, { elicit$ }) =>
          elicit$('name', {
            message: 'Name?',
            schema: { type: 'object', properties: { name: { type: 'string' } } },
          }).pipe(map(({ content }) => `node ${index} ${String(content?.['name'])}`)),
        ),
      ],
    }));
    const { client } = await nodes.nodes[0]!.served.connect({
      capabilities: { elicitation: {} },
      // The call itself goes to this node, and responses and all other requests to the other.
      fetch: (_, init) => {
        const isCall = typeof init?.body === 'string' && init.body.includes('tools/call');
        return fetch(isCall ? nodes.nodes[0]!.served.url : nodes.nodes[1]!.served.url, init);
      },
      prepare: (client) =>
        client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } })),
    });
    expect(await client.callTool({ name: 'ask' })).toMatchObject({ content: [{ text: 'node 0 Ada' }] });
    const session = await firstValueFrom(nodes.nodes[0]!.server.sessions$);
    const answer = await firstValueFrom(
      session.elicit$({ message: 'Name?', schema: { type: 'object', properties: { name: { type: 'string' } } } }),
    );
    expect(answer).toMatchObject({ action: 'accept', content: { name: 'Ada' } });
  });

  it('cancels a call on its node, regardless of the node that receives the cancellation', async () => {
    const { call, ended } = await callEndless();
    call.unsubscribe();
    await ended();
  });

  it('ends a session and its calls on all nodes after a DELETE at any node', async () => {
    const { nodes, session, ended } = await callEndless();
    await session.disconnect();
    await ended();
    for (const { server } of nodes.nodes)
      await firstValueFrom(server.status$.pipe(filter((status) => status.sessions === 0)));
  });

  it('resumes the response of a call at another node', async () => {
    const steps$ = new Subject<number>();
    const nodes = await start(() => ({
      tools: [tool('steps', {}, () => concat(steps$.pipe(map((step) => progress(step))), of('done')))],
    }));
    const session = await connect(nodes);
    nodes.balancer.route = () => 0;
    const seen: unknown[] = [];
    const done = new Promise((resolve, reject) => {
      session.callTool$('steps').subscribe({
        next: (event) => seen.push(event.kind === 'progress' ? event.progress : event.kind),
        complete: () => resolve(undefined),
        error: reject,
      });
    });
    await until(() => steps$.observed, 'the call to run');
    steps$.next(1);
    await until(() => seen.length === 1, 'the first step');
    nodes.balancer.route = () => 1;
    nodes.nodes[0]!.served.http.closeAllConnections();
    steps$.next(2);
    await until(() => seen.length === 2, 'the second step, at the other node');
    steps$.next(3);
    steps$.complete();
    await done;
    expect(seen).toEqual([1, 2, 3, 'result']);
  });

  it('lets a GET with Last-Event-ID take over from another node, and rejects one without', async () => {
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }));
    const [a, b] = nodes.nodes;
    const initialized = await a!.served.send({ json: initialize });
    const session = initialized.headers.get('mcp-session-id') ?? '';
    const open = (served: typeof a, lastEventId?: string) =>
      served!.served.send({
        method: 'GET',
        session,
        headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      });
    const first = await open(a);
    const id = /^id: (\S+)/m.exec(await readSome(first))?.[1];
    expect((await open(b)).status).toBe(409);
    const second = await open(b, id);
    expect(second.status).toBe(200);
    expect(
      await first
        .body!.getReader()
        .read()
        .catch(() => ({ done: true })),
    ).toMatchObject({ done: true });
    await a!.server.notify('custom/count', { n: 1 });
    expect(await readSome(second, 'custom/count')).toContain('"n":1');
    expect((await open(a)).status).toBe(409);
    await second.body?.cancel().catch(() => undefined);
  });

  it('continues without Last-Event-ID at the beginning of a stream that delivered nothing', async () => {
    const nodes = await start(() => ({ tools: [tool('x', {}, () => 'x')] }));
    const [a, b] = nodes.nodes;
    const session = (await a!.served.send({ json: initialize })).headers.get('mcp-session-id') ?? '';
    const get = (node: typeof a, headers = {}) => node!.served.send({ method: 'GET', session, headers });
    await a!.server.notify('custom/count', { n: 1 }, { session });
    const id = /^id: (\S+)\ndata: {.*"n":1/m.exec(await readSome(await get(a), '"n":1'))?.[1];
    await get(b, { 'last-event-id': id });
    b!.served.http.closeAllConnections();
    await firstValueFrom(b!.server.status$.pipe(filter((status) => status.listening === 0)));
    await nodes.backplane.set(`l:${session}`, { stream: 'x', node: 'killed', from: positionOf(id) }, 60_000);
    await a!.server.notify('custom/count', { n: 2 }, { session });
    const seen = await readSome(await get(a), '"n":2');
    expect(seen).toContain('"n":2');
    expect(seen).not.toContain('"n":1');
  });

  it('keeps the level and the subscribed resources of a session that moves to another node', async () => {
    const load$ = new BehaviorSubject('0');
    const nodes = await start(() => ({
      coalesce: 1,
      resources: [resource('live://load', { name: 'load' }, load$)],
    }));
    const session = await connect(nodes);
    const readings: unknown[] = [];
    session.resource$('live://load').subscribe((contents) => readings.push(JSON.stringify(contents)));
    await until(() => readings.length === 1, 'the first reading');
    nodes.balancer.route = () => 1;
    nodes.nodes[0]!.served.http.closeAllConnections();
    await firstValueFrom(nodes.nodes[1]!.server.status$.pipe(filter(({ listening: held }) => held === 1)));
    load$.next('1');
    await until(() => String(readings.at(-1)).includes('"1"'), 'a reading after the move');
  });
});

/** Parses the position in an event id. */
function positionOf(id = ''): { own?: string; broadcast?: string } {
  const [own, broadcast] = id.split('.');
  return { own, broadcast };
}

/** Lets other work run first. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

/** Reads a body until it contains a text. */
async function readSome({ body }: Response, text = 'id: '): Promise<string> {
  const reader = body!.getReader();
  const decoder = new TextDecoder();
  let seen = '';
  while (!seen.includes(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    seen += decoder.decode(value);
  }
  reader.releaseLock();
  return seen;
}
