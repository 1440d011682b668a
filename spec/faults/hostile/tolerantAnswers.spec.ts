import { setImmediate } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, event, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const json = { 'content-type': 'application/json' };

/** Responds in one piece, with a status and any message. */
function answer({ to }: IncomingRequest, status: number, message: object): true {
  to.writeHead(status, json).end(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return true;
}

const unknownMethod = { code: -32_601, message: 'no such method' };

describe('a JSON-RPC error with the id of the request', () => {
  it.each([400, 404, 500, 503])('is the response to it, with any status (%d)', async (status) => {
    const server = await stage.server(
      (incoming) =>
        incoming.kind === 'resources/list' && answer(incoming, status, { id: incoming.id, error: unknownMethod }),
    );
    const { session } = stage.session(server);
    await session.connect();

    await expect(firstValueFrom(session.resources$)).resolves.toEqual([]);

    expect(server.requestCounts['initialize']).toBe(1);
  });

  it('is the response to it, although the server also sends it for a ping', async () => {
    const server = await stage.server(
      (incoming) =>
        (incoming.kind === 'resources/list' || incoming.kind === 'ping') &&
        answer(incoming, 404, { id: incoming.id, error: unknownMethod }),
    );
    const { session } = stage.session(server);
    await session.connect();

    await expect(firstValueFrom(session.resources$)).resolves.toEqual([]);

    expect(server.requestCounts['initialize']).toBe(1);
  });

  it.each([
    ['with the id as a string', ({ id }: IncomingRequest) => ({ id: String(id) })],
    ['with id: null', () => ({ id: null })],
    ['without an id', () => ({})],
  ])('belongs to the request: %s', async (_, idOf) => {
    const error = { code: -32_050, message: 'the words of the server' };
    const server = await stage.server(
      (incoming) => incoming.kind === 'tools/call' && answer(incoming, 200, { ...idOf(incoming), error }),
    );
    const { session } = stage.session(server);
    await session.connect();

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ServerError', ...error });
  });
});

describe('a session that the server has forgotten', () => {
  const unknown = { code: -32_000, message: 'Session not found' };
  const text = (incoming: IncomingRequest, status: number, body: string): true => {
    incoming.to.writeHead(status, { 'content-type': 'text/plain' }).end(body);
    return true;
  };

  it.each<[string, (incoming: IncomingRequest) => true]>([
    ['404 with HTML', (incoming) => text(incoming, 404, '404 page not found')],
    ['410', (incoming) => text(incoming, 410, '')],
    ['400', (incoming) => text(incoming, 400, 'no such session')],
    ['401', (incoming) => text(incoming, 401, '')],
    ['500', (incoming) => text(incoming, 500, 'session lost')],
    ['a JSON-RPC error in a 404', (incoming) => answer(incoming, 404, { id: null, error: unknown })],
    ['a JSON-RPC error in a 200', (incoming) => answer(incoming, 200, { id: incoming.id, error: unknown })],
  ])('is replaced by a new one, and the call succeeds: %s', async (_, refuse) => {
    let isForgotten = false;
    const server = await stage.server((incoming) => {
      if (incoming.kind === 'initialize') isForgotten = false;
      return isForgotten && incoming.kind !== 'GET' && refuse(incoming);
    });
    const { session, statuses } = stage.session(server);
    await session.connect();

    isForgotten = true;
    await expect(session.callTool('any')).resolves.toEqual({ content: [] });

    expect(server.requestCounts['initialize']).toBe(2);
    expect(statuses.map(({ state }) => state)).not.toContain('closed');
  });

  it('is replaced with growing delays if the server immediately forgets each new session', async () => {
    const gone = await stage.server(
      (incoming) => (incoming.kind === 'tools/list' || incoming.kind === 'ping') && text(incoming, 404, ''),
    );
    const { session, statuses, until } = stage.session(gone);
    await session.connect();
    session.tools$.subscribe();

    await until(() => statuses.filter(({ state }) => state === 'reconnecting').length >= 5);

    const delays = statuses.flatMap((status) => (status.state === 'reconnecting' ? [status.delay] : []));
    expect(delays.slice(0, 5)).toEqual([0, 40, 80, 100, 100]);
  });
});

describe('a request that is accepted with 202', () => {
  it('is answered on the GET stream', async () => {
    const server = await stage.server((incoming) => {
      if (incoming.kind !== 'tools/call') return false;
      incoming.to.writeHead(202).end();
      void server.write(event({ id: incoming.id, result: { content: [] } }));
      return true;
    });
    const { session, listens } = stage.session(server);
    await session.connect();
    await listens();

    await expect(session.callTool('any')).resolves.toEqual({ content: [] });
  });
});

describe('a server without session ids', () => {
  it('is initialized again when its stream drops', async () => {
    const server = await stage.server((incoming) => {
      if (incoming.kind !== 'initialize') return false;
      const { params } = {
        params: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } },
      };
      return answer(incoming, 200, { id: incoming.id, result: params });
    });
    const { session, listens, gaps, until } = stage.session(server);
    await session.connect();
    await listens();

    server.cut();
    await until(() => gaps.length === 1);
    await listens();

    expect(server.requestCounts['initialize']).toBe(2);
  });
});

describe('the end of a session', () => {
  it('cancels pending calls before the DELETE, and sends nothing after it', async () => {
    const order: string[] = [];
    const server = await stage.server(({ kind }) => {
      order.push(kind);
      return kind === 'tools/call';
    });
    const { session } = stage.session(server);
    await session.connect();
    const call = session.callTool('any').catch((error: unknown) => error);
    while (!server.requestCounts['tools/call']) await setImmediate();

    await session.disconnect();
    await call;

    expect(order.slice(-2)).toEqual(['notifications/cancelled', 'DELETE']);
  });
});

describe('the stream for notifications outside of calls', () => {
  it('is not opened with `listen: false`', async () => {
    const server = await stage.server();
    const { session, statuses } = stage.session(server, { listen: false });

    await session.connect();
    session.notifications$.subscribe();
    await session.ping();

    expect(server.requestCounts['GET']).toBeUndefined();
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: false });
  });

  it("is open with `listen: 'demand'` only while a subscription needs it", async () => {
    const closed: unknown[] = [];
    const server = await stage.server((incoming) => {
      if (incoming.kind === 'GET') stream(incoming).on('close', () => closed.push(incoming));
      return incoming.kind === 'GET';
    });
    const { HttpConnector, MCPSession, listChanged } = await import('rx-mcp');
    const session = new MCPSession(new HttpConnector(server.url, { listen: 'demand' }));
    await session.connect();
    await session.callTool('any');
    expect(server.requestCounts['GET']).toBeUndefined();

    const subscription = session.notifications$.pipe(listChanged('tools')).subscribe();
    while (!server.requestCounts['GET']) await setImmediate();
    expect(closed).toEqual([]);
    subscription.unsubscribe();
    while (closed.length === 0) await setImmediate();

    await session.disconnect();
    expect(server.requestCounts['GET']).toBe(1);
  });
});
