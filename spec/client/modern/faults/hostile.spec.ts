import { setImmediate } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { virtualTime } from 'rx-mcp/testing';
import { eventOf, startStubServer, stream, type StubServer } from './startStubServer';
import { modernOnly, startModernServer } from '../../../rig/startModernServer';
import { useStage } from '../../../rig/useStage';
import { mismatchedResponses } from '../../../faults/hostile/mismatchedResponses';

const stage = useStage(startModernServer, modernOnly);
let server: StubServer;

beforeEach(async () => {
  server = await startStubServer();
  stage.after(() => server.close());
});

const json = (response: ServerResponse, body: string): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(body);
const done = { resultType: 'complete', content: [] };

describe('a JSON response that does not match the request', () => {
  it.each(mismatchedResponses)('%s, fails the call immediately', async (_, body) => {
    server.onCall((response) => {
      json(response, body);
    });
    const { session } = await stage.connected(server.url);

    await expect(session.callTool('any', {}, { timeout: Infinity })).rejects.toMatchObject({
      name: 'ServerError',
      code: -32603,
    });
  });
});

describe('the response stream of a settled call', () => {
  it('is closed although the server continues to send', async () => {
    const { scheduler, advance } = virtualTime();
    const responses: ServerResponse[] = [];
    server.onCall((response, { id }) => {
      responses.push(response);
      stream(response).write(eventOf({ id, result: done }));
    });
    const { session } = await stage.connected(server.url, {}, { scheduler });
    await session.callTool('any');
    expect(responses.map(({ destroyed, writableEnded }) => ({ destroyed, writableEnded }))).toEqual([
      { destroyed: false, writableEnded: false },
    ]);

    let written = 0;
    for (const [response] = responses; response && !response.destroyed; written++) {
      await advance(1_000);
      response.write(eventOf({ method: 'custom/more', params: { n: written } }));
      await setImmediate();
    }

    expect(written).toBeGreaterThan(1);
  });
});

describe('a cancelled call', () => {
  it.each([
    ['receives no response', () => undefined],
    ['receives a silent stream', (response: ServerResponse) => stream(response).flushHeaders()],
  ])('holds no connection when it %s', async (_, answer) => {
    const open = new Set<ServerResponse>();
    server.onCall((response) => {
      open.add(response);
      response.on('close', () => open.delete(response));
      answer(response);
    });
    const { session } = await stage.connected(server.url);
    const ending = new AbortController();

    const given = Array.from({ length: 10 }, () => session.callTool('any', {}, { signal: ending.signal }));
    while (open.size < 10) await setImmediate();
    ending.abort();
    await Promise.allSettled(given);
    while (open.size > 0) await setImmediate();

    expect(server.methods.filter((method) => method === 'tools/call')).toHaveLength(10);
  });
});

describe('a server that requests input', () => {
  it('receives a limited number of answers if it repeats the request, then the call fails', async () => {
    server.onCall((response, { id }) => {
      const inputRequests = { roots: { method: 'roots/list' } };
      stream(response).end(eventOf({ id, result: { resultType: 'input_required', inputRequests, requestState: 'x' } }));
    });
    const { session } = await stage.connected(server.url);

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ServerError' });
    expect(server.methods.filter((method) => method === 'tools/call').length).toBeLessThan(20);
  });

  it('fails the call if it requests too much at a time', async () => {
    server.onCall((response, { id }) => {
      const entries = Array.from({ length: 5_000 }, (_, n) => [n, { method: 'elicitation/create', params: {} }]);
      const inputRequests = Object.fromEntries(entries);
      stream(response).end(eventOf({ id, result: { resultType: 'input_required', inputRequests } }));
    });
    const { session } = await stage.connected(server.url, {}, { capabilities: { elicitation: {} } });
    let requests = 0;
    session.requests$.subscribe(() => requests++);

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ServerError' });
    expect(requests).toBeLessThanOrEqual(1_024);
  });
});

describe('deeply nested data', () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);

  it.each([
    ['in the content of a result', `{"resultType":"complete","content":[],"structuredContent":{"deep":${deep}}}`],
    ['in an unexpected member of a result', `{"resultType":"complete","content":${deep}}`],
    ['in a request for input', `{"resultType":"input_required","inputRequests":{"a":${deep}}}`],
  ])('%s, neither hangs nor crashes', async (_, result) => {
    server.onCall((response, { id }) => {
      json(response, `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`);
    });
    const { session } = await stage.connected(server.url);

    const outcome: unknown = await session.callTool('any').catch((error: unknown) => error);

    expect(outcome instanceof Error ? outcome.name : 'a result').toMatch(/^(ServerError|a result)$/);
    await session.ping();
  });
});
