import { event, json, plain, result, stream, type IncomingRequest } from './responses';
import { type WorldServer, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';
import { openMemorySession } from '../../rig/openMemorySession';
import { rawConnector } from './rawConnector';
import { MCPSession } from 'rx-mcp';
import { watchSession } from '../../rig/watchSession';

const stage = useStage(startWorldServer);
const serverInfo = { name: 'w', version: '1' };
const agreed = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };

/** Holds the calls of a session until the spec answers them. */
function holdCalls(server: WorldServer): IncomingRequest[] {
  const requests: IncomingRequest[] = [];
  server.answer((each) => each.kind === 'tools/call' && requests.push(each) > 0);
  return requests;
}

describe('a response whose id has a different type', () => {
  it.each([
    [
      'JSON',
      (incoming: IncomingRequest, id: unknown, result: object) => json(incoming, 200, { jsonrpc: '2.0', id, result }),
    ],
    [
      'an event stream',
      (incoming: IncomingRequest, id: unknown, result: object) => {
        stream(incoming).end(event({ id, result }));
        return true;
      },
    ],
  ])('settles the request, in %s', async (_, give) => {
    const server = await stage.server({ ids: 'none' });
    server.answer((incoming) =>
      typeof incoming.id === 'number'
        ? give(incoming, String(incoming.id), incoming.kind === 'initialize' ? agreed : {})
        : false,
    );
    const { session, errors } = stage.session(server.url);
    await session.connect();
    await expect(session.ping()).resolves.toBeUndefined();
    expect(session.serverInfo).toMatchObject(serverInfo);
    expect(errors).toEqual([]);
  });

  it('settles the request, over any transport', async () => {
    const { connector } = rawConnector(({ id, method }, send) => {
      if (typeof id === 'number')
        send({ jsonrpc: '2.0', id: String(id), result: method === 'initialize' ? agreed : {} });
    });
    const session = new MCPSession(connector);
    stage.after(() => session.disconnect());
    await session.connect();
    await expect(session.ping()).resolves.toBeUndefined();
    expect(session.serverInfo).toMatchObject(serverInfo);
  });
});

describe('an error without a request id', () => {
  const parseError = { code: -32700, message: 'could not read that' };

  it.each([
    ['with id: null, on its own POST', { id: null }, 400],
    ['without an id, on its own POST', {}, 400],
    ['with id: null, on its own POST, with HTTP 200', { id: null }, 200],
  ])('belongs to the request of its POST: %s', async (_, id, status) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer(
      (incoming) =>
        incoming.kind === 'tools/call' && json(incoming, status, { jsonrpc: '2.0', ...id, error: parseError }),
    );
    await expect(watched.session.callTool('echo')).rejects.toMatchObject({
      message: expect.stringContaining('could not read that'),
    });
    await watched.session.ping();
  });

  it('fails the only pending request', async () => {
    const { connector } = rawConnector(({ id, method }, send) => {
      if (method === 'initialize') send({ jsonrpc: '2.0', id, result: agreed });
      else if (id !== undefined) send({ jsonrpc: '2.0', id: null, error: parseError });
    });
    const session = new MCPSession(connector);
    stage.after(() => session.disconnect());
    await session.connect();
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ServerError', code: -32700 });
  });

  it.each([
    ['with id: null', { id: null, error: parseError }],
    ['without an id', { error: parseError }],
    ['whose error is a text', { id: null, error: parseError.message }],
  ])('does not fail the only pending call if it arrives on the GET stream: %s', async (_, message) => {
    const server = await stage.server();
    const { session, errors, until } = await stage.connected(server);
    const requests = holdCalls(server);
    const call = session.callTool('echo');
    await server.until(() => requests.length === 1);

    server.write(event(message));
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ message: expect.stringContaining('could not read that') });
    result(requests[0]!, { content: [] });

    await expect(call).resolves.toEqual({ content: [] });
  });

  it.each(['an event stream', 'JSON', 'a JSON batch'])(
    'fails only the call whose response contains it, in %s',
    async (kind) => {
      const server = await stage.server();
      const { session, errors } = await stage.connected(server);
      const requests = holdCalls(server);
      const calls = [session.callTool('one'), session.callTool('two')];
      const first = expect(calls[0]).rejects.toMatchObject({ name: 'ServerError', code: -32700 });
      await server.until(() => requests.length === 2);
      const [one, two] = ['one', 'two'].map((name) => requests.find(({ params }) => params['name'] === name));

      const message = { jsonrpc: '2.0', id: null, error: parseError };
      if (kind === 'an event stream') stream(one!).write(event(message));
      else json(one!, 200, kind === 'JSON' ? message : [message]);
      await first;
      result(two!, { content: [] });

      await expect(calls[1]).resolves.toEqual({ content: [] });
      expect(errors.map(({ message }) => message)).toEqual(
        kind === 'a JSON batch' ? [expect.stringContaining('unsupported batch')] : [],
      );
    },
  );

  it('fails none of several pending requests, and is reported', async () => {
    const open: unknown[] = [];
    const { connector, send } = rawConnector(({ id, method }, reply) => {
      if (method === 'initialize') reply({ jsonrpc: '2.0', id, result: agreed });
      else if (id !== undefined) open.push(id);
    });
    const watched = watchSession(new MCPSession(connector));
    stage.after(() => watched.session.disconnect());
    await watched.session.connect();
    const calls = [watched.session.callTool('one'), watched.session.callTool('two')];
    send({ jsonrpc: '2.0', id: null, error: parseError });
    await watched.until(({ errors }) => errors.length === 1);
    expect(watched.errors[0]!.message).toContain('could not read that');
    for (const id of open) send({ jsonrpc: '2.0', id, result: { content: [] } });
    expect(await Promise.all(calls)).toHaveLength(2);
  });
});

describe('an error whose members have the wrong type', () => {
  const data = { hint: 'try again' };

  it.each([
    ['a code that is the text of a number', { code: '-32042', message: 'boom', data }, { code: -32042, data }],
    ['a code that is a word', { code: 'E_BUSY', message: 'boom', data }, { code: -32603, data }],
    ['a code that is a fraction', { code: 1.5, message: 'boom', data }, { code: -32603, data }],
    ['no code', { message: 'boom', data }, { code: -32603, data }],
    ['a text instead of an object', 'boom', { code: -32603 }],
  ])('keeps its message and its data: %s', async (_, error, expected) => {
    const { connector } = rawConnector(({ id, method }, send) => {
      if (method === 'initialize') send({ jsonrpc: '2.0', id, result: agreed });
      else if (id !== undefined) send({ jsonrpc: '2.0', id, error });
    });
    const session = new MCPSession(connector);
    stage.after(() => session.disconnect());
    await session.connect();
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ServerError', message: 'boom', ...expected });
  });

  it.each([200, 400, 404, 500])('keeps them in a response with HTTP %i', async (status) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer(
      (incoming) =>
        incoming.kind === 'tools/call' &&
        json(incoming, status, { jsonrpc: '2.0', id: incoming.id, error: { code: '42', message: 'boom', data } }),
    );
    await expect(session.callTool('echo')).rejects.toMatchObject({
      name: 'ServerError',
      message: 'boom',
      code: 42,
      data,
    });
    expect(server.requestCounts['initialize']).toBe(1);
  });

  it('keeps its data if it has no message', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer(
      (incoming) =>
        incoming.kind === 'tools/call' &&
        json(incoming, 200, { jsonrpc: '2.0', id: incoming.id, error: { code: 7, data } }),
    );
    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ServerError', code: 7, data });
  });
});

describe('a message with null members', () => {
  it.each([
    ['params: null', { params: null }],
    ['id: null', { id: null }],
    ['both null', { id: null, params: null }],
    ['result: null and error: null', { result: null, error: null }],
  ])('is a notification if it has %s', async (_, members) => {
    const { memory, session, until } = openMemorySession();
    const methods: string[] = [];
    session.notifications$.subscribe(({ method }) => methods.push(method));
    await session.connect();
    memory.write({ jsonrpc: '2.0', method: 'custom/odd', ...members });
    await until(() => true);
    expect(methods).toEqual(['custom/odd']);
    await session.disconnect();
  });

  it('is answered if it is a request with params: null', async () => {
    const { memory, session } = openMemorySession();
    session.handle('custom/ask', () => ({ fine: true }));
    await session.connect();
    memory.write({ jsonrpc: '2.0', id: 'q', method: 'custom/ask', params: null });
    await new Promise(setImmediate);
    expect(memory.received.at(-1)).toMatchObject({ id: 'q', result: { fine: true } });
    await session.disconnect();
  });

  it('is a result if it has a result and error: null', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer(
      (incoming) =>
        incoming.kind === 'tools/call' &&
        json(incoming, 200, { jsonrpc: '2.0', id: incoming.id, result: { content: [] }, error: null }),
    );
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [] });
    server.answer((incoming) => incoming.kind === 'ping' && plain(incoming, 200, ''));
  });
});
