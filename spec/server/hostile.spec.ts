import { request as httpRequest } from 'node:http';
import { filter, firstValueFrom, NEVER } from 'rxjs';
import { MCPServer, tool } from 'rx-mcp/server';
import { collectGarbage } from '../notification/collectGarbage';
import { begin, readEvents } from './faults/rig';
import { serve, until, type Served } from './rig/serve';

const call = (id: unknown, name = 'echo') => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
const json = { 'content-type': 'application/json' };

/** The memory that is in use after garbage collection. */
async function bytesInUse(): Promise<number> {
  await collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('a hostile or non-conforming client', () => {
  let served: Served;
  let server: MCPServer;
  afterEach(() => served.close());
  const open = async (options: ConstructorParameters<typeof MCPServer>[1] = {}) => {
    server = new MCPServer(
      { name: 'spec', version: '1' },
      { tools: [tool('echo', {}, () => 'echo'), tool('hang', {}, () => NEVER)], ...options },
    );
    served = await serve(server);
  };

  const statusOf = async (init: Parameters<Served['send']>[0]) => {
    const response = await served.send(init);
    await response.body?.cancel();
    return response.status;
  };

  it('receives the status for each kind of invalid request', async () => {
    await open();
    const session = (await begin(served)).id;
    expect(await statusOf({ body: 'x'.repeat(5_000_000), headers: json })).toBe(413);
    expect(await statusOf({ body: '{}', headers: { 'content-type': 'text/plain' } })).toBe(415);
    expect(await statusOf({ body: '{', headers: json })).toBe(400);
    expect(await statusOf({ body: '', headers: json })).toBe(400);
    expect(await statusOf({ json: { hello: 1 }, session })).toBe(400);
    expect(await statusOf({ json: call(1), session, headers: { accept: 'application/json' } })).toBe(406);
    expect(await statusOf({ json: call(1) })).toBe(400);
    expect(await statusOf({ json: call(1), session: 'nothing' })).toBe(404);
    expect(await statusOf({ json: call(1), session: 'x'.repeat(5_000) })).toBe(404);
    expect(await statusOf({ json: call(1), session, version: '1999-01-01' })).toBe(400);
    expect(await statusOf({ method: 'PUT', json: {} })).toBe(405);
    expect(await statusOf({ method: 'GET', session, headers: { accept: 'text/html' } })).toBe(406);
    expect(await statusOf({ method: 'GET', headers: { accept: 'text/event-stream' } })).toBe(400);
    for (const id of ['x', '1', 'r.', 'r.1', 'r.nothing.0', '1.2.3', '-1.0', '__proto__.0']) {
      const headers = { accept: 'text/event-stream', 'last-event-id': id };
      expect(await statusOf({ method: 'GET', session, headers })).toBe(400);
    }
  });

  it('is rejected with an id that JSON does not preserve, or with the id of a running request', async () => {
    await open();
    const session = await begin(served);
    for (const id of [1.5, 2 ** 60, null, {}, 'x'.repeat(2_000)]) {
      const response = await session.post(call(id));
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: -32600 } });
    }
    const first = await session.post(call(7, 'hang'));
    expect(await (await session.post(call(7))).json()).toMatchObject({ id: 7, error: { code: -32600 } });
    await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } });
    expect(await readEvents(first)).toEqual([]);
    expect(await readEvents(await session.post(call(7)))).toMatchObject([{ data: { id: 7, result: {} } }]);
  });

  it('can send a batch only in the version that has batches', async () => {
    await open();
    const [old, current] = [await begin(served, '2025-03-26'), await begin(served, '2025-11-25')];
    const batch = [call(1), call(2), { jsonrpc: '2.0', method: 'custom/x' }];
    const events = await readEvents(await old.post(batch));
    expect(events.map(({ data }) => (data as { id: number }).id).sort()).toEqual([1, 2]);
    expect((await current.post(batch)).status).toBe(400);
    expect((await old.post([])).status).toBe(400);
    expect((await old.post(Array.from({ length: 101 }, (_, id) => call(id)))).status).toBe(400);
    expect((await old.post([call(1), 'x'])).status).toBe(400);
  });

  it('has one stream: a second one is rejected, unless it resumes', async () => {
    await open();
    const session = await begin(served);
    const first = await session.get();
    expect((await session.get()).status).toBe(409);
    await server.notify('custom/x');
    const reader = first.body!.getReader();
    await reader.read();
    const resumed = await session.get('0.0');
    expect(resumed.status).toBe(200);
    while (!(await reader.read()).done);
    expect(await readEvents(resumed, 1)).toMatchObject([{ data: { method: 'custom/x' } }]);
  });

  it('is rejected by its Host and its Origin', async () => {
    await open({ hosts: ['127.0.0.1'], origins: ['app.example'] });
    const statusFor = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const request = httpRequest(served.url, { method: 'POST', headers: { ...json, ...headers } }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        request.on('error', reject);
        request.end('{}');
      });
    expect(await statusFor({ host: 'evil.example' })).toBe(403);
    expect(await statusFor({ origin: 'https://evil.example' })).toBe(403);
    expect(await statusFor({ origin: 'null' })).toBe(403);
    expect(await statusFor({ origin: 'https://app.example:8443' })).not.toBe(403);
    expect(await statusFor({})).not.toBe(403);
  });

  it('cannot use the session of another user, nor any session of a user without credentials', async () => {
    server = new MCPServer({ name: 'spec', version: '1' });
    let user: string | undefined = 'alice';
    served = await serve(server, () => user && { token: 't', clientId: 'app', scopes: [], extra: { sub: user } });
    const session = await begin(served);
    expect((await session.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(200);
    for (user of ['bob', undefined]) {
      expect((await session.post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(404);
      expect((await session.get()).status).toBe(404);
      expect((await session.delete()).status).toBe(404);
    }
  });

  it.each([
    [null, 'tools/list'],
    ['x', 'ping'],
    [[], 'tools/call'],
    [{ progressToken: null }, 'resources/read'],
    [{ progressToken: 1.5 }, 'custom/x'],
    [null, 'initialize'],
  ])('gets the error -32602 for _meta %j of %s', async (_meta, method) => {
    await open();
    const params = { name: 'echo', uri: 'a:b', protocolVersion: '2025-11-25', capabilities: {}, _meta };
    const request = { jsonrpc: '2.0', id: 1, method, params };
    const response =
      method === 'initialize' ? await served.send({ json: request }) : await (await begin(served)).post(request);
    expect(await response.text()).toContain(`"code":-32602,"message":"${method}: invalid params"`);
    expect(await firstValueFrom(server.status$)).toMatchObject({ running: 0 });
  });

  it.each([
    ['logging/setLevel', { level: 'loud' }],
    ['tools/list', { cursor: 7 }],
    ['initialize', {}],
  ])('gets the error -32602 for invalid params of %s', async (method, params) => {
    await open();
    const session = await begin(served);
    const request = { jsonrpc: '2.0', id: 1, method, params };
    const response = method === 'initialize' ? await served.send({ json: request }) : await session.post(request);
    expect(await response.json()).toMatchObject({ error: { code: -32602, message: `${method}: invalid params` } });
  });

  it('cannot start more sessions than allowed', async () => {
    await open({ sessions: { max: 2 } });
    const errors: Error[] = [];
    server.errors$.subscribe((error) => errors.push(error));
    await begin(served);
    await begin(served);
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    const response = await served.send({ json: { jsonrpc: '2.0', id: 0, method: 'initialize', params } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(errors).toHaveLength(1);
  });

  it('starts ten thousand sessions, which end when idle', async () => {
    server = new MCPServer({ name: 'spec', version: '1' }, { sessions: { idle: 500 } });
    served = await serve(server);
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
    const initialize = () =>
      server.fetch(
        new Request(served.url, {
          method: 'POST',
          headers: { ...json, accept: 'application/json, text/event-stream' },
          body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
        }),
      );
    const count = 10_000;
    let begun = 0;
    let ended = 0;
    server.sessions$.subscribe((session) => {
      begun++;
      session.notifications$.subscribe({ complete: () => ended++ });
    });
    for (let n = 0; n < count; n++) expect((await initialize()).status).toBe(200);
    expect(begun).toBe(count);
    await until(() => ended === count, 'the sessions to end');
    await firstValueFrom(server.status$.pipe(filter(({ sessions }) => sessions === 0)));
  });

  it('keeps a bounded part of what a listening client does not read', async () => {
    await open({ buffer: 100_000, replay: { events: 100 } });
    const session = await begin(served);
    const stream = await session.get();
    const before = await bytesInUse();
    const text = 'x'.repeat(1_000);
    for (let n = 0; n < 20_000; n++) await server.notify('custom/flood', { n, text });
    expect((await bytesInUse()) - before).toBeLessThan(5_000_000);
    // What the client has missed is gone: its stream ends, and it cannot resume as if nothing had happened.
    const events = await readEvents(stream);
    expect(events.length).toBeLessThan(5_000);
    expect((await session.get(events.at(-1)!.id)).status).toBe(400);
  });

  it('cannot answer a request that was sent to another session', async () => {
    await open();
    const sessions: string[] = [];
    const answers: unknown[] = [];
    server.sessions$.subscribe((session) => {
      sessions.push(session.id);
      if (sessions.length === 1)
        session.request$('sampling/createMessage', {}).subscribe((event) => answers.push(event));
    });
    const one = await begin(served, '2025-11-25', { sampling: {} });
    const two = await begin(served, '2025-11-25', { sampling: {} });
    const [question] = await readEvents(await one.get(), 1);
    const { id } = question!.data as { id: string };
    expect(
      (await two.post({ jsonrpc: '2.0', id, result: { role: 'user', content: { type: 'text', text: 'evil' } } }))
        .status,
    ).toBe(202);
    expect(answers).toEqual([]);
    await one.post({ jsonrpc: '2.0', id, result: { role: 'user', content: { type: 'text', text: 'good' } } });
    expect(answers).toMatchObject([{ kind: 'result', result: { content: { text: 'good' } } }]);
  });

  it('never makes fetch reject', async () => {
    await open();
    const used = new Request(served.url, { method: 'POST', headers: json, body: '{}' });
    await used.text();
    expect((await server.fetch(used)).status).toBe(400);
    expect((await server.fetch(new Request('http://x/'), { parsedBody: NaN })).status).toBe(406);
    await server.close();
    expect((await server.fetch(new Request('http://x/'))).status).toBe(503);
  });

  it('is served JSON-RPC over POST only, without sessions', async () => {
    await open({ sessions: false });
    const { client } = await served.connect();
    expect(await client.callTool({ name: 'echo' })).toMatchObject({ content: [{ text: 'echo' }] });
    expect(await statusOf({ method: 'GET', headers: { accept: 'text/event-stream' } })).toBe(405);
    expect(await statusOf({ method: 'DELETE' })).toBe(405);
  });
});
