import { HttpConnector, MCPSession } from 'rx-mcp';
import { startStubServer } from '../../client/modern/faults/startStubServer';
import { modernOnly } from '../../rig/startModernServer';
import { useStage } from '../../rig/useStage';
import { empty, plain } from './responses';
import { startWorldServer, type WorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);
const modernStage = useStage(startStubServer, modernOnly);

const response = (id: unknown, result: object): string => JSON.stringify({ jsonrpc: '2.0', id, result });

/** Responds to calls with a body of any type. */
function answerCalls(server: WorldServer, bodyOf: (id: unknown) => string, type?: string, status = 200): void {
  server.answer(({ kind, id, to }) => {
    if (kind !== 'tools/call') return false;
    to.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(bodyOf(id));
    return true;
  });
}

const invalidBodies: [string, string][] = [
  ['truncated JSON', '{"jsonrpc":"2.0","id":'],
  ['HTML', '<html>welcome</html>'],
  ['null', 'null'],
  ['a text', '"fine"'],
  ['an object without a method, result or error', '{"detail":"Not found"}'],
  ['a result without an id', '{"result":{"content":[]}}'],
  ['an error that is not an object', '{"error":true}'],
  ['an empty batch', '[]'],
  ['a batch of other objects', '[{"detail":"Not found"}]'],
];

describe('a response of type JSON that is not a JSON-RPC message', () => {
  it.each(invalidBodies)('fails the call with a ServerError that contains the body: %s', async (_, body) => {
    const server = await stage.server();
    const { session, errors } = await stage.connected(server);
    answerCalls(server, () => body, 'application/json');

    await expect(session.callTool('echo')).rejects.toMatchObject({
      name: 'ServerError',
      code: -32603,
      data: body,
      message: 'tools/call "echo": HTTP 200 without a JSON-RPC message',
    });
    await session.ping();
    expect(errors).toEqual([]);
  });

  it.each(invalidBodies)('fails the call of protocol 2026-07-28: %s', async (_, body) => {
    const server = await modernStage.server();
    const { session } = await modernStage.connected(server);
    server.onCall((to) => void to.writeHead(200, { 'content-type': 'application/json' }).end(body));

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ServerError', code: -32603, data: body });
  });

  it('fails the attempt with a retryable error if it responds to initialize', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'initialize' && plain(incoming, 200, '{', 'application/json'));
    const { session } = stage.session(server);

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'initialize: HTTP 200 without a JSON-RPC message',
      retryable: true,
    });
  });
});

describe('a JSON response with a different Content-Type', () => {
  it.each([
    undefined,
    'text/plain',
    'text/html; charset=utf-8',
    'application/octet-stream',
    'application/problem+json',
  ])('is the response to the call: %s', async (type) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    answerCalls(server, (id) => ` ${response(id, { content: [] })}`, type);

    await expect(session.callTool('echo')).resolves.toEqual({ content: [] });
  });

  it.each([undefined, 'text/plain'])('is the response to a call of protocol 2026-07-28: %s', async (type) => {
    const server = await modernStage.server();
    const { session } = await modernStage.connected(server);
    server.onCall((to, { id }) => {
      to.writeHead(200, type === undefined ? {} : { 'content-type': type });
      to.end(response(id, { resultType: 'complete', content: [] }));
    });

    await expect(session.callTool('any')).resolves.toMatchObject({ content: [] });
  });

  it.each([
    [undefined, 'fine', 'tools/call "echo": HTTP 200 with no Content-Type'],
    ['text/html', '<html>', 'tools/call "echo": HTTP 200 with text/html'],
    [undefined, '', 'tools/call "echo": HTTP 200 without content'],
    ['application/json', ' ', 'tools/call "echo": HTTP 200 without content'],
  ])(
    'fails the call if it does not contain JSON, and the error names the reason: %s, %j',
    async (type, body, message) => {
      const server = await stage.server();
      const { session } = await stage.connected(server);
      answerCalls(server, () => body, type);

      await expect(session.callTool('echo')).rejects.toMatchObject({
        name: 'ConnectionFailedError',
        status: 200,
        message,
      });
    },
  );
});

const progress = (token: unknown): string =>
  `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: token, progress: 1 } })}\n\n`;

describe('a response body of the other type', () => {
  it.each([
    [undefined, ''],
    ['application/json', ''],
    ['application/json; charset=utf-8', 'event: message\n'],
    ['text/plain', ': comment\n\n'],
    ['application/octet-stream', 'id: 1\n'],
    ['application/json', 'retry: 10\n'],
    ['application/json', '\r\n\n'],
  ])('is read as events while it arrives: %s, %j', async (type, start) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    let end = (): void => undefined;
    server.answer(({ kind, id, params, to }) => {
      if (kind !== 'tools/call') return false;
      to.writeHead(200, type === undefined ? {} : { 'content-type': type });
      to.write(start);
      to.write(progress(Reflect.get(Object(params['_meta']), 'progressToken')));
      // Left open after the response, as event streams may be.
      end = () => void to.write(`data: ${response(id, { content: [] })}\n\n`);
      return true;
    });

    await expect(session.callTool('echo', {}, { onProgress: () => end() })).resolves.toEqual({ content: [] });
  });

  it.each([
    ['on one line', (id: unknown) => response(id, { content: [] })],
    ['on several lines', (id: unknown) => JSON.stringify(JSON.parse(response(id, { content: [] })), null, 2)],
    ['in a batch', (id: unknown) => `[${response(id, { content: [] })}]`],
  ])('is read as JSON: %s', async (_, bodyOf) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    answerCalls(server, bodyOf, 'text/event-stream');

    await expect(session.callTool('echo')).resolves.toEqual({ content: [] });
  });

  it('is read as JSON in the response to initialize', async () => {
    const server = await stage.server({ ids: 'any' });
    server.answer(({ kind, id, to }) => {
      if (kind !== 'initialize') return false;
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'world', version: '1' } };
      to.writeHead(200, { 'content-type': 'text/event-stream' }).end(response(id, result));
      return true;
    });

    await expect(stage.session(server).session.connect()).resolves.toBeUndefined();
  });

  it.each([
    ['application/json', (id: unknown) => `data: ${response(id, { resultType: 'complete', content: [] })}\n\n`],
    ['text/event-stream', (id: unknown) => response(id, { resultType: 'complete', content: [] })],
  ])('is read by protocol 2026-07-28: %s', async (type, bodyOf) => {
    const server = await modernStage.server();
    const { session } = await modernStage.connected(server);
    server.onCall((to, { id }) => void to.writeHead(200, { 'content-type': type }).end(bodyOf(id)));

    await expect(session.callTool('any')).resolves.toMatchObject({ content: [] });
  });

  it('fails a call whose response begins like an event stream but contains no message', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    answerCalls(server, () => 'data: welcome\n\n', 'application/json');

    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });
});

describe('a request that is accepted without a response', () => {
  it.each([
    [202, 'initialize: HTTP 202 without a response'],
    [204, 'initialize: HTTP 204 without content'],
  ])('fails the attempt immediately if it is initialize: HTTP %i', async (status, message) => {
    const server = await stage.server({ ids: 'any' });
    server.answer((incoming) => incoming.kind === 'initialize' && empty(incoming, status));
    const { session } = stage.session(server, { connectTimeout: Infinity });

    await expect(session.connect()).rejects.toMatchObject({ name: 'ConnectionFailedError', status, message });
    // A server that accepts the request does not support only the older transport.
    expect(server.requestCounts['GET']).toBeUndefined();
  });

  it.each([
    ['the server has no stream', {}],
    ['`listen` is false', { listen: false }],
    ["`listen` is 'demand', and nothing needs the stream", { listen: 'demand' }],
  ] as const)('fails the call immediately if %s', async (_, options) => {
    const server = await stage.server();
    server.answer(
      (incoming) =>
        (incoming.kind === 'GET' && empty(incoming, 405)) || (incoming.kind === 'tools/call' && empty(incoming, 202)),
    );
    const session = new MCPSession(new HttpConnector(server.url, options));
    stage.after(() => session.disconnect());
    await session.connect();

    await expect(session.callTool('echo', {}, { timeout: Infinity })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      status: 202,
      message: 'tools/call "echo": HTTP 202 without a response',
    });
    await session.ping();
  });

  it('fails the call immediately with 204', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    server.answer((incoming) => incoming.kind === 'tools/call' && empty(incoming, 204));

    await expect(session.callTool('echo', {}, { timeout: Infinity })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      status: 204,
    });
  });

  it.each([202, 204])('fails the call of protocol 2026-07-28 immediately: HTTP %i', async (status) => {
    const server = await modernStage.server();
    const { session } = await modernStage.connected(server);
    server.onCall((to) => void to.writeHead(status).end());

    await expect(session.callTool('any', {}, { timeout: Infinity })).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      status,
    });
  });

  it('is settled if the 202 contains the response', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    answerCalls(server, (id) => response(id, { content: [] }), 'application/json', 202);

    await expect(session.callTool('echo')).resolves.toEqual({ content: [] });
  });
});

describe('a call whose JSON response is cut', () => {
  it('fails with a ConnectionLostError', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer(({ kind, to }) => {
      if (kind !== 'tools/call') return false;
      to.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
      to.write('{"jsonrpc":', () => to.destroy());
      return true;
    });

    await expect(watched.session.callTool('echo')).rejects.toMatchObject({ name: 'ConnectionLostError' });
  });
});
