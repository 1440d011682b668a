import { firstValueFrom } from 'rxjs';
import { listChanged, type SessionStatus } from 'rx-mcp';
import { startOAuthFront } from '../../../rig/startOAuthFront';
import { oauthProvider } from '../../../rig/oauthProvider';
import type { Watched } from '../../../rig/watchSession';
import { acknowledgment, eventOf, startStubServer, stream, type StubServer } from './startStubServer';
import { modernOnly, startModernServer } from '../../../rig/startModernServer';
import { useStage } from '../../../rig/useStage';

const stage = useStage(startModernServer, modernOnly);
let server: StubServer;

beforeEach(async () => {
  server = await startStubServer();
  stage.after(() => server.close());
});

const delays = (statuses: SessionStatus[]): number[] =>
  statuses.flatMap((status) => (status.state === 'reconnecting' ? [status.delay] : []));

const listens = (): number => server.methods.filter((method) => method === 'subscriptions/listen').length;

/** Connects a session and subscribes it to changes of the tools. */
async function subscribed(): Promise<Watched> {
  const watched = await stage.connected(server.url);
  watched.session.notifications$.pipe(listChanged('tools')).subscribe();
  await watched.listens();
  return watched;
}

const toolsChanged = (id: unknown): string =>
  eventOf({
    method: 'notifications/tools/list_changed',
    params: { _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
  });

describe('a subscription that always fails immediately', () => {
  it.each([
    ['ends before it is acknowledged', (response) => void stream(response).end(), 'ConnectionFailedError'],
    ['is reset', ({ socket }) => void socket?.resetAndDestroy(), 'ConnectionFailedError'],
    [
      'is answered with HTML',
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      'ConnectionFailedError',
    ],
    ['is answered with 503', (response) => void response.writeHead(503).end(), 'ConnectionFailedError'],
    [
      'is acknowledged, and then dropped',
      (response, request) => void stream(response).end(acknowledgment(request)),
      'ConnectionLostError',
    ],
  ] as [string, Parameters<StubServer['onListen']>[0], string][])(
    'because it %s, is retried with growing delays',
    async (...[, answer, name]) => {
      const { statuses, errors, gaps, until } = await subscribed();

      server.onListen(answer);
      server.end();
      await until(() => delays(statuses).length >= 6);

      expect(delays(statuses).slice(0, 6)).toEqual([20, 40, 80, 100, 100, 100]);
      // The first request, the immediate retry, and one request per delay.
      expect(listens()).toBeLessThanOrEqual(delays(statuses).length + 2);
      expect(errors).toMatchObject([{ name, retryable: true }]);
      if (name === 'ConnectionFailedError') expect(gaps).toEqual([]);
    },
  );

  it('is not retried more often than by the policy', async () => {
    const { statuses, until } = await subscribed();

    server.onListen((response, request) => void stream(response).end(`retry: 0\n\n${acknowledgment(request)}`));
    server.end();
    await until(() => delays(statuses).length >= 4);

    expect(delays(statuses).slice(0, 4)).toEqual([20, 40, 80, 100]);
  });
});

describe('a server that rejects subscriptions', () => {
  it.each([
    ['404', (response) => void response.writeHead(404).end()],
    ['405', (response) => void response.writeHead(405).end()],
    [
      'method not found',
      (response, { id }) =>
        void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } })),
    ],
  ] as [string, Parameters<StubServer['onListen']>[0]][])(
    'receives one request, is reported on errors$, and can be called: %s',
    async (...[, answer]) => {
      server.onListen(answer);
      const { session, statuses, errors, until } = await stage.connected(server.url);

      session.notifications$.pipe(listChanged('tools')).subscribe();
      await until(() => errors.length > 0);
      await session.callTool('any');
      await session.ping();

      expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
      expect(errors).toMatchObject([{ retryable: false }]);
      expect(listens()).toBe(1);
    },
  );
});

describe('an invalid response', () => {
  it('fails a call immediately when it is cut off', async () => {
    server.onCall((response) => void stream(response).end());
    const { session } = await stage.connected(server.url);
    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
  });

  it.each([
    ['tools/list', 1_000, 'more than 1000 pages|exceeded listMaxPages'],
    ['resources/list', 1_000, 'more than 1000 pages'],
    ['prompts/list', 2, 'repeated cursor'],
  ])('rejects a list whose pages do not end: %s', async (method, pages, message) => {
    let requests = 0;
    server.onList((response, { id }) => {
      requests++;
      const nextCursor = method === 'prompts/list' ? 'again' : String(requests);
      const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
      stream(response).end(eventOf({ id, result: { ...cached, [method.split('/')[0]!]: [], nextCursor } }));
    });
    const { session } = await stage.connected(server.url);
    const lists = {
      'tools/list': 'listTools',
      'resources/list': 'listAllResources',
      'prompts/list': 'listPrompts',
    } as const;

    await expect(session[lists[method as keyof typeof lists]]()).rejects.toMatchObject({
      name: 'ServerError',
      message: expect.stringMatching(message),
    });
    expect(requests).toBe(pages);
  });

  it('fails the call whose stream contains it if it is an error without an id', async () => {
    const error = { code: -32700, message: 'could not read that' };
    const held: (() => void)[] = [];
    server.onCall((response, { id, params }) => {
      if (params?.['name'] === 'bad') stream(response).write(eventOf({ id: null, error }));
      else held.push(() => void stream(response).end(eventOf({ id, result: { resultType: 'complete', content: [] } })));
    });
    const { session, errors } = await subscribed();
    const good = session.callTool('good');

    await expect(session.callTool('bad')).rejects.toMatchObject({ name: 'ServerError', ...error });
    for (const answer of held) answer();
    await expect(good).resolves.toMatchObject({ content: [] });
    expect(errors).toEqual([]);
  });

  it('does not fail a call if it is an error without an id on the stream of a subscription', async () => {
    const { session, until, gaps, listens: listening } = await subscribed();
    const requested = new Promise<() => void>((resolve) => {
      server.onCall((response, { id }) => {
        const result = { resultType: 'complete', content: [] };
        resolve(() => void stream(response).end(eventOf({ id, result })));
      });
    });
    const call = session.callTool('any');
    const answer = await requested;

    server.write(eventOf({ id: null, error: { code: -32603, message: 'out of memory' } }));
    await until(() => gaps.length > 0);
    await listening();
    answer();

    await expect(call).resolves.toMatchObject({ content: [] });
    expect(gaps).toMatchObject([{ cause: { message: expect.stringContaining('out of memory') } }]);
  });

  it('is reported on errors$, and later notifications are emitted', async () => {
    let id: unknown;
    server.onListen((response, request) => {
      ({ id } = request);
      stream(response).write(acknowledgment(request));
      response.write('data: {"jsonrpc":\n\n');
      response.write(eventOf({ method: 'notifications/tools/list_changed', params: 'none' }));
      response.write(toolsChanged(id));
    });
    const { session, errors } = await stage.connected(server.url);

    await firstValueFrom(session.notifications$.pipe(listChanged('tools')));

    expect(errors.map(({ name }) => name)).toEqual(['InvalidNotificationError', 'InvalidNotificationError']);
  });

  it('is cancelled only while it is pending', async () => {
    const { session } = await stage.connected(server.url);
    const call = session.callTool$('any');
    await new Promise<void>((resolve) => {
      const calling = call.subscribe({
        complete: () => {
          calling.unsubscribe();
          resolve();
        },
      });
    });
    await session.ping();
    expect(server.methods).toEqual(['server/discover', 'tools/call', 'server/discover']);
  });
});

describe('an expiring authorization', () => {
  it('is retried with growing delays without a provider', async () => {
    const { statuses, errors, until, listens: listening } = await subscribed();

    server.onListen((response) => void response.writeHead(401).end());
    server.end();
    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 4);
    expect(statuses.at(-1)).toMatchObject({ error: { name: 'UnauthorizedError', status: 401 } });
    server.onListen((response, request) => void stream(response).write(acknowledgment(request)));
    await listening();

    expect(errors.map(({ name }) => name)).toEqual(['UnauthorizedError']);
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  });

  it('is refreshed once for all requests', async () => {
    const guard = await startOAuthFront(server);
    stage.after(() => guard.close());
    const authProvider = oauthProvider(guard.tokens());
    const { session, errors, gaps } = await stage.connected(guard.url, { authProvider });

    guard.expire();
    await Promise.all(Array.from({ length: 5 }, () => session.callTool('any')));

    expect({ renewed: guard.renewed, redirects: authProvider.redirects.length }).toEqual({ renewed: 1, redirects: 0 });
    expect([errors, gaps]).toEqual([[], []]);
  });
});
