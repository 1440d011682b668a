import { CreateMessageRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { connectOverHttp, type PlainClient } from './plainClient';
import { type FaultServer, startFaultServer } from './startFaultServer';

describe('the control panel of the fault server', () => {
  let server: FaultServer;
  let plain: PlainClient;

  beforeEach(async () => {
    server = await startFaultServer({
      pageSize: 2,
      prompts: ['p1'],
      resources: ['fault://a', 'fault://b', 'fault://c'],
    });
    plain = await connectOverHttp(server.url);
    await server.waitFor({ type: 'stream-open', method: 'GET' });
  });
  afterEach(async () => {
    await plain.client.close();
    await server.stop();
  });

  it('counts requests, messages, sessions, streams and sockets', async () => {
    await plain.client.ping();

    const counts = await server.until(({ postStreams }) => postStreams === 0);

    expect(counts).toMatchObject({
      requests: { POST: 3, GET: 1 },
      answers: { 'POST 200': 2, 'POST 202': 1, 'GET 200': 1 },
      messages: { initialize: 1, 'notifications/initialized': 1, ping: 1 },
      sessions: 1,
      sessionsOpened: 1,
      getStreams: 1,
    });
    expect(counts.gets).toHaveLength(1);
    expect(counts.sockets).toBeGreaterThanOrEqual(1);
  });

  it('counts a client that disconnects', async () => {
    await plain.client.close();

    expect(await server.until(({ getStreams }) => getStreams === 0)).toMatchObject({ getStreams: 0, sessions: 1 });
  });

  it('sends notifications to all sessions, or to some', async () => {
    const other = await connectOverHttp(server.url);
    await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth: 2 });
    const { sessionId } = await server.waitFor({ type: 'session-open' });

    expect(await server.notify('custom/one', { a: 1 }, { sessions: [sessionId] })).toBe(1);
    expect(await server.notify('custom/all')).toBe(2);

    expect(await plain.receive(2)).toEqual([{ method: 'custom/one', params: { a: 1 } }, { method: 'custom/all' }]);
    expect(await other.receive(1)).toEqual([{ method: 'custom/all' }]);
    await other.client.close();
  });

  it('sends numbered notifications in order', async () => {
    await server.notifyMany(100);
    await server.notifyMany(2, 'custom/more', { from: 7 });

    const received = await plain.receive(102);

    expect(received.slice(0, 100).map(({ params }) => params?.n)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(received.slice(100)).toEqual([
      { method: 'custom/more', params: { n: 7 } },
      { method: 'custom/more', params: { n: 8 } },
    ]);
  });

  it('sends requests to the client, and cancels them', async () => {
    let received: AbortSignal | undefined;
    const hanging = new Promise<void>((requested) => {
      plain.client.setRequestHandler(CreateMessageRequestSchema, async ({ params }, { signal }) => {
        if (params.maxTokens === 1) return { model: 'm', role: 'assistant', content: { type: 'text', text: 'Hi' } };
        received = signal;
        requested();
        return new Promise(() => {});
      });
    });

    expect(await server.ask('sampling/createMessage', { messages: [], maxTokens: 1 })).toMatchObject({ model: 'm' });
    const given = server.ask('sampling/createMessage', { messages: [], maxTokens: 2 });
    const refusal = expect(given).rejects.toThrow('cancelled by the panel');
    await hanging;
    const aborted = new Promise((resolve) => received?.addEventListener('abort', resolve));
    await server.cancelAsks();

    await refusal;
    await aborted;
    expect((await server.counts()).messages.response).toBe(1);
  });

  it('changes paginated lists, announced or silently', async () => {
    await server.setTools(['t1', 't2', 't3']);
    await server.setPrompts(['p1', 'p2'], { silent: true });
    await server.setResources(['fault://z']);

    const first = await plain.client.listTools();
    const second = await plain.client.listTools({ cursor: first.nextCursor });

    expect([first.tools, second.tools].map((tools) => tools.map(({ name }) => name))).toEqual([['t1', 't2'], ['t3']]);
    expect(second.nextCursor).toBeUndefined();
    expect((await plain.client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['p1', 'p2']);
    expect(await plain.receive(2)).toEqual([
      { method: 'notifications/tools/list_changed' },
      { method: 'notifications/resources/list_changed' },
    ]);
    expect(await plain.client.callTool({ name: 't2', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    });
  });

  it('notifies and counts subscribers of a resource', async () => {
    await plain.client.subscribeResource({ uri: 'fault://a' });
    await server.setResource('fault://b', 'nobody hears');
    await server.setResource('fault://a', 'new');

    expect(await plain.receive(1)).toEqual([
      { method: 'notifications/resources/updated', params: { uri: 'fault://a' } },
    ]);
    expect((await plain.client.readResource({ uri: 'fault://a' })).contents).toEqual([
      { uri: 'fault://a', text: 'new' },
    ]);
    expect((await server.counts()).subscriptions).toEqual({ 'fault://a': 1 });
    await plain.client.unsubscribeResource({ uri: 'fault://a' });
    expect((await server.counts()).subscriptions).toEqual({ 'fault://a': 0 });
  });

  it('holds a method until it is released', async () => {
    await server.hold('tools/list');
    let answered = false;
    const listed = plain.client.listTools().then(() => (answered = true));
    await server.waitFor({ type: 'held', name: 'tools/list' });
    await plain.client.ping();
    expect(answered).toBe(false);

    await server.release('tools/list');

    expect(await listed).toBe(true);
  });

  it('holds a call at the gate until it is released', async () => {
    const call = plain.client.callTool({ name: 'gate' });
    await server.waitFor({ type: 'held', name: 'gate' });

    await server.release();

    expect(await call).toMatchObject({ content: [{ text: 'released' }] });
    expect(await server.waitFor({ type: 'tool-finished' })).toMatchObject({ name: 'gate' });
  });

  it('records cancellations', async () => {
    const giveUp = new AbortController();
    const call = plain.client.callTool({ name: 'gate' }, undefined, { signal: giveUp.signal });
    const refusal = expect(call).rejects.toThrow();
    const started = await server.waitFor({ type: 'tool-started', name: 'gate' });

    giveUp.abort('enough');
    await refusal;

    expect(await server.waitFor({ type: 'tool-cancelled' })).toEqual({ ...started, type: 'tool-cancelled' });
    expect((await server.counts()).cancelled).toEqual([started.id]);
  });

  it('runs the built-in tools', async () => {
    const progress: unknown[] = [];
    const { client } = plain;
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: 'm',
      role: 'assistant',
      content: { type: 'text', text: 'Hi' },
    }));
    const onprogress = (report: unknown): void => void progress.push(report);

    await client.callTool({ name: 'work', arguments: { steps: 2 } }, undefined, { onprogress });
    expect(progress).toEqual([
      { progress: 1, total: 2, message: 'step 1' },
      { progress: 2, total: 2, message: 'step 2' },
    ]);
    expect(await client.callTool({ name: 'fail' })).toMatchObject({ isError: true });
    await expect(
      client.callTool({ name: 'error', arguments: { code: -32099, message: 'No', data: { a: 1 } } }),
    ).rejects.toMatchObject({ code: -32099, data: { a: 1 } });
    const params = { messages: [], maxTokens: 1 };
    expect(
      await client.callTool({ name: 'ask', arguments: { method: 'sampling/createMessage', params } }),
    ).toMatchObject({ structuredContent: { model: 'm' } });
    await client.callTool({ name: 'notify', arguments: { method: 'custom/on-post', times: 2 } });
    await client.callTool({ name: 'set_list', arguments: { kind: 'tools', names: ['x'] } });
    expect((await plain.receive(3)).map(({ method }) => method).sort()).toEqual([
      'custom/on-post',
      'custom/on-post',
      'notifications/tools/list_changed',
    ]);
  });

  it('names what has not arrived in time', async () => {
    await expect(server.waitFor({ type: 'session-closed' }, { timeout: 1 })).rejects.toThrow(
      /Not within 1 ms.*"GET": 1/s,
    );
    await expect(server.until(({ sessions }) => sessions === 9, { timeout: 1 })).rejects.toThrow('Not within 1 ms');
  });
});
