import { connectOverHttp } from './plainClient';
import type { FaultAnswer } from './fault/commands';
import { type FaultServer, startFaultServer } from './startFaultServer';

describe('faulty responses of the fault server', () => {
  let server: FaultServer;

  const get = async (): Promise<Response> => {
    const { sessionId } = await server.waitFor({ type: 'session-open' });
    return fetch(server.url, { headers: { accept: 'text/event-stream', 'mcp-session-id': sessionId } });
  };

  beforeAll(async () => {
    server = await startFaultServer();
    const { client } = await connectOverHttp(server.url);
    await client.close();
    await server.until(({ getStreams }) => getStreams === 0);
  });
  afterEach(() => server.refuseGet(null));
  afterAll(() => server.stop());

  it.each([400, 401, 404, 405, 409, 503])('refuse a GET with %i', async (status) => {
    await server.refuseGet(status);

    const response = await get();
    await response.text();

    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBeNull();
    await server.waitFor({ type: 'answer', method: 'GET', status });
  });

  it('request a delay', async () => {
    await server.refuseGet(503, { retryAfter: 7, headers: { 'x-more': 'yes' } });

    const { headers } = await get();

    expect([headers.get('retry-after'), headers.get('x-more')]).toEqual(['7', 'yes']);
  });

  it.each<[FaultAnswer, string]>([
    ['html', 'text/html'],
    ['json', 'application/json'],
    ['end-at-once', 'text/event-stream'],
  ])('have status 200 and %s', async (answer, type) => {
    await server.refuseGet(answer);

    const response = await get();

    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(typeof (await response.text())).toBe('string');
  });

  it('reset a stream right after opening', async () => {
    await server.refuseGet('reset-at-once');

    await expect(get().then((response) => response.text())).rejects.toThrow();
  });

  it('reset a request', async () => {
    await server.refuseGet('reset');

    await expect(get()).rejects.toThrow('fetch failed');
  });

  it('can be withheld', async () => {
    await server.refuseGet('hang');
    const { requests } = await server.counts();
    let answered = false;
    const failing = expect(get().finally(() => (answered = true))).rejects.toThrow('fetch failed');
    await server.until((counts) => counts.requests.GET === (requests.GET ?? 0) + 1);
    expect(answered).toBe(false);

    await server.restart({ get: 405 });

    await failing;
  });

  it('apply from the start', async () => {
    await server.restart({ get: 405 });

    expect((await fetch(server.url)).status).toBe(405);
  });

  it('apply a number of times to POSTs of one method', async () => {
    await server.restart({ get: undefined });
    const { client } = await connectOverHttp(server.url);
    await server.answerPost(503, { times: 1, method: 'tools/list' });

    await client.ping();
    await expect(client.listTools()).rejects.toMatchObject({ code: 503 });

    expect((await client.listTools()).tools).not.toHaveLength(0);
    await client.close();
  });

  it('can be removed', async () => {
    await server.answerPost(500);
    await expect(connectOverHttp(server.url)).rejects.toMatchObject({ code: 500 });

    await server.answerPost(null);

    const { client } = await connectOverHttp(server.url);
    await client.close();
  });
});
