import { concat, filter, firstValueFrom, from, map, of, Subject, takeUntil } from 'rxjs';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { log, MCPServer, progress, resource, type ServerSession, tool } from 'rx-mcp/server';
import { begin, readEvents, type ServedEvent } from './faults/rig';
import { serve, until, type Served } from './rig/serve';

const call = (name: string, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, _meta: { progressToken: 't' } },
});
const paramsOf = (events: ServedEvent[]) => events.map(({ data }) => (data as { params?: object }).params);

describe('a message of a server', () => {
  let served: Served;
  let server: MCPServer;
  const sessions: ServerSession[] = [];
  const open = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    server = new MCPServer({ name: 'spec', version: '1' }, options);
    server.sessions$.subscribe((session) => sessions.push(session));
    served = await serve(server);
  };
  afterEach(async () => {
    await served.close();
    sessions.length = 0;
  });

  it('is not sent if it is progress that does not increase', async () => {
    await open({
      tools: [tool('steps', {}, () => concat(from([1, 3, 2, 3, 4]).pipe(map((n) => progress(n))), of('x')))],
    });
    const events = await readEvents(await (await begin(served)).post(call('steps')));
    expect(paramsOf(events.slice(0, -1))).toMatchObject([{ progress: 1 }, { progress: 3 }, { progress: 4 }]);
    expect(events).toHaveLength(4);
  });

  it('is not sent if it is a log below the level of the session', async () => {
    await open({ tools: [tool('logs', {}, () => of(log('info', 'low'), log('error', 'high', 'disk'), 'x'))] });
    const session = await begin(served);
    expect(paramsOf((await readEvents(await session.post(call('logs')))).slice(0, -1))).toEqual([
      { level: 'info', data: 'low' },
      { level: 'error', data: 'high', logger: 'disk' },
    ]);
    await session.post({ jsonrpc: '2.0', id: 2, method: 'logging/setLevel', params: { level: 'warning' } });
    expect(paramsOf((await readEvents(await session.post(call('logs')))).slice(0, -1))).toMatchObject([
      { data: 'high' },
    ]);
  });

  it('is not dropped if it is a log to a client that lags: the stream ends, and is resumed', async () => {
    const text = 'x'.repeat(1_000);
    const logs$ = from({ length: 200 }).pipe(map((_, n) => log('info', { n, text })));
    await open({ buffer: 20_000, tools: [tool('logs', {}, () => concat(logs$, of('done')))] });
    const session = await begin(served);
    const response = await session.post(call('logs'));
    const first = await response.text();
    const last = [...first.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;
    expect(first).not.toContain('"result"');
    const rest = await readEvents(await session.get(last));
    const before = [...first.matchAll(/"n":(\d+)/g)].map(([, n]) => Number(n));
    const after = paramsOf(rest.slice(0, -1)).map((params) => (params as { data: { n: number } }).data.n);
    expect([...before, ...after]).toEqual(Array.from({ length: 200 }, (_, n) => n));
    expect(rest.at(-1)).toMatchObject({ data: { id: 1, result: {} } });
  });

  it.each([
    { result: null },
    { result: 5 },
    { result: [] },
    { error: 5 },
    { error: null },
    { error: { code: 'x' } },
    {},
    { result: {}, error: { code: 1, message: 'both' } },
  ])('fails the call of a tool whose request is answered with %j', async (answer) => {
    const form = { type: 'object', properties: { ok: { type: 'boolean' } } } as const;
    const ask = tool('ask', {}, (_, { elicit$ }) =>
      elicit$('k', { message: 'Continue?', schema: form }).pipe(map(() => 'x')),
    );
    await open({ tools: [ask] });
    const session = await begin(served, '2025-11-25', { elicitation: {} });
    const reader = (await session.post(call('ask'))).body!.getReader();
    const decoder = new TextDecoder();
    let text = '';
    const readUntil = async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const match = pattern.exec(text);
        if (match) return match[1]!;
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended without ${String(pattern)}: ${text}`);
        text += decoder.decode(value, { stream: true });
      }
    };
    const id = await readUntil(/"id":"([^"]+:[^"]+)","method"/);

    expect((await session.post({ jsonrpc: '2.0', id, ...answer })).status).toBe(202);
    const outcome = await readUntil(/"(isError":true|error":\{"code":-?\d+)/);
    expect(outcome).toMatch(/^isError":true$|^error":\{"code":(1|-32603)$/);
  });

  it('is sent to a stream that is opened with an empty Last-Event-ID', async () => {
    await open();
    const session = await begin(served);
    const stream = await session.get('');
    expect(stream.status).toBe(200);
    await server.notify('custom/one', {}, { session: session.id });
    expect(await readEvents(stream, 1)).toMatchObject([{ data: { method: 'custom/one' } }]);
  });

  it('reaches one session, the sessions of a subscribed resource, or all that began before it', async () => {
    await open({ resources: [resource('a:b', {}, new Subject<string>())] });
    await server.notify('custom/early');
    const [one, two] = [await begin(served), await begin(served)];
    await one.post({ jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'a:b' } });
    await server.notify('custom/one', {}, { session: one.id });
    await server.notify('custom/subscribed', {}, { subscribed: 'a:b' });
    await server.notify('custom/all');
    const methods = async (count: number, session: typeof one) =>
      (await readEvents(await session.get(), count)).map(({ data }) => (data as { method: string }).method);
    expect(await methods(3, one)).toEqual(['custom/one', 'custom/subscribed', 'custom/all']);
    expect(await methods(1, two)).toEqual(['custom/all']);
  });

  it('is withdrawn if it is a request to the client that is unsubscribed from', async () => {
    const enough$ = new Subject<void>();
    await open({
      tools: [
        tool('ask', {}, (_, { request$ }) => concat(request$('custom/ask').pipe(takeUntil(enough$)), of('answered'))),
      ],
    });
    const session = await begin(served);
    const asking = sessions[0]!.request$('custom/outside').subscribe();
    asking.unsubscribe();
    const [requested, withdrawn] = await readEvents(await session.get(), 2);
    const { id } = requested!.data as { id: string };
    expect(withdrawn!.data).toMatchObject({ method: 'notifications/cancelled', params: { requestId: id } });

    const response = await session.post(call('ask'));
    await until(() => enough$.observed, 'the request');
    enough$.next();
    const [inside, cancelled, result] = await readEvents(response);
    expect(inside!.data).toMatchObject({ method: 'custom/ask' });
    expect(cancelled!.data).toMatchObject({
      method: 'notifications/cancelled',
      params: { requestId: (inside!.data as { id: string }).id },
    });
    expect(result!.data).toMatchObject({ id: 1, result: { content: [{ text: 'answered' }] } });
  });

  it('is followed by the progress and the result of the client if it is a request', async () => {
    await open();
    const session = await begin(served);
    const received: unknown[] = [];
    sessions[0]!.request$('custom/ask').subscribe({
      next: (event) => received.push(event),
      complete: () => received.push('complete'),
    });
    const [requested] = await readEvents(await session.get(), 1);
    const { id, params } = requested!.data as { id: string; params: { _meta: { progressToken: string } } };
    const { progressToken } = params._meta;
    for (const progress of [1, 'invalid', 2]) {
      await session.post({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress } });
    }
    await session.post({ jsonrpc: '2.0', id, result: { isFine: true } });
    expect(received).toEqual([
      { kind: 'progress', progressToken, progress: 1 },
      { kind: 'progress', progressToken, progress: 2 },
      { kind: 'result', result: { isFine: true } },
      'complete',
    ]);
  });

  it('is answered by the latest roots only', async () => {
    await open();
    const session = await begin(served, '2025-11-25', { roots: { listChanged: true } });
    const seen: string[][] = [];
    sessions[0]!.roots$.subscribe((roots) => seen.push(roots.map(({ uri }) => uri)));
    const stream = await session.get();
    await session.post({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    const requests = (await readEvents(stream, 3))
      .map(({ data }) => data as { id?: string; method: string })
      .filter(({ method }) => method === 'roots/list');
    const answer = (id: string | undefined, uri: string) =>
      session.post({ jsonrpc: '2.0', id, result: { roots: [{ uri }] } });
    await answer(requests[1]!.id, 'file:///new');
    await answer(requests[0]!.id, 'file:///old');
    expect(seen).toEqual([['file:///new']]);
  });

  it('shows whether the session listens', async () => {
    await open();
    const session = await begin(served);
    const seen: boolean[] = [];
    sessions[0]!.listening$.subscribe((isListening) => seen.push(isListening));
    const stream = await session.get();
    await stream.body!.cancel();
    await until(() => seen.length === 3, 'the end of the stream');
    await sessions[0]!.end();
    expect(seen).toEqual([false, true, false]);
    expect((await session.get()).status).toBe(404);
  });

  it.each([0, 1])(
    "is reported as a gap by this library's client if the log no longer has it, after %i of them",
    async (before) => {
      await open({ replay: { events: 5 } });
      let cut: () => void = () => undefined;
      let isAway = false;
      const session = new MCPSession(
        new HttpConnector(served.url, {
          reconnect: { initialDelay: 10, maxDelay: 20 },
          fetch: async (url, init) => {
            if (init?.method !== 'GET') return fetch(url, init);
            if (isAway) throw new TypeError('fetch failed');
            const abort = new AbortController();
            cut = () => abort.abort();
            const signal = AbortSignal.any([abort.signal, ...(init.signal ? [init.signal] : [])]);
            return fetch(url, { ...init, signal });
          },
        }),
      );
      const numbers: unknown[] = [];
      session.notifications$.subscribe(({ params }) => numbers.push(params?.['n']));
      const gap = firstValueFrom(session.gaps$);
      await session.connect();
      await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
      for (let n = 0; n < before; n++) await server.notify('custom/n', { n });
      await until(() => numbers.length === before, 'the first notifications');
      isAway = true;
      cut();
      for (let n = before; n <= 20; n++) await server.notify('custom/n', { n });
      isAway = false;
      expect((await gap).cause).toBeInstanceOf(Error);
      await until(() => numbers.includes(20), 'the last notification');
      expect(numbers.slice(0, before)).toEqual([0].slice(0, before));
      expect(new Set(numbers).size).toBe(numbers.length);
      await session.disconnect();
    },
  );
});
