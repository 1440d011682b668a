import { modern } from 'rx-mcp/modern';
import { virtualTime } from 'rx-mcp/testing';
import { type IncomingRequest, empty, json, plain, stream } from '../../faults/world/responses';
import { startWorldServer } from '../../faults/world/startWorldServer';
import { useStage } from '../../rig/useStage';

const engine = modern();
const stage = useStage(startWorldServer, { engine });

const answers: [string, (incoming: IncomingRequest) => unknown][] = [
  ...[400, 401, 403, 404, 405, 408, 409, 410, 415, 422, 425, 500, 501, 502, 503, 504].map(
    (status): [string, (incoming: IncomingRequest) => unknown] => [
      `HTTP ${status}`,
      (incoming) => plain(incoming, status, 'no'),
    ],
  ),
  ['202 without a response', (incoming) => empty(incoming, 202)],
  ['204', (incoming) => empty(incoming, 204)],
  ['200 without content', (incoming) => empty(incoming, 200)],
  ['200 with HTML', (incoming) => plain(incoming, 200, '<html>', 'text/html')],
  ['200 with JSON that is not a message', (incoming) => json(incoming, 200, { detail: 'unknown method' })],
  ['200 with invalid JSON', (incoming) => plain(incoming, 200, '{', 'application/json')],
  [
    '200 with the response to another request',
    (incoming) => json(incoming, 200, { jsonrpc: '2.0', id: 'x', result: {} }),
  ],
  ['200 with an empty result', (incoming) => json(incoming, 200, { jsonrpc: '2.0', id: incoming.id, result: {} })],
  ['an event stream that ends without a response', (incoming) => stream(incoming).end(': bye\n\n')],
  [
    '500 with a JSON-RPC error without an id',
    (incoming) => json(incoming, 500, { error: { code: -32603, message: 'no' } }),
  ],
];

const isDiscovery = ({ kind }: IncomingRequest): boolean => kind === 'server/discover';

describe('a legacy server that responds to server/discover', () => {
  it.each(answers)('is connected to with the default engine: %s', async (_, answer) => {
    const server = await stage.server();
    server.answer((incoming) => isDiscovery(incoming) && answer(incoming) !== undefined);
    const { session, errors } = stage.session(server);

    await session.connect();
    expect(session.protocolVersion).toBe('2025-11-25');
    await session.callTool('echo');
    expect(errors).toEqual([]);
    expect(server.requestCounts).toMatchObject({ 'server/discover': 1, initialize: 1 });
  });

  it.each(answers)("is not connected to with negotiation 'modern': %s", async (_, answer) => {
    const server = await stage.server();
    server.answer((incoming) => isDiscovery(incoming) && answer(incoming) !== undefined);
    const { session } = stage.session(server, { engine: modern({ negotiation: 'modern' }) });

    await expect(session.connect()).rejects.toThrow();
    expect(server.requestCounts['initialize']).toBeUndefined();
  });

  it.each([429, 503])('is not asked again if it requests a delay: HTTP %i', async (status) => {
    const server = await stage.server();
    server.answer((incoming) => {
      if (!isDiscovery(incoming)) return false;
      incoming.to.writeHead(status, { 'retry-after': '7' }).end();
      return true;
    });

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({ retryable: true, retryAfter: 7_000 });
    expect(server.requestCounts['initialize']).toBeUndefined();
  });

  it('fails with the error of initialize if it also rejects that', async () => {
    const server = await stage.server();
    server.answer((incoming) => plain(incoming, isDiscovery(incoming) ? 500 : 401, 'no'));

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({
      name: 'UnauthorizedError',
      message: 'initialize: HTTP 401: no',
    });
  });
});

describe('a server of protocol 2026-07-28 only', () => {
  it('is retried if it rejects server/discover while it starts', async () => {
    const server = await stage.server();
    const data = { supported: ['2026-07-28'] };
    server.answer((incoming) =>
      isDiscovery(incoming)
        ? plain(incoming, 503, 'starting')
        : json(incoming, 400, {
            jsonrpc: '2.0',
            id: incoming.id,
            error: { code: -32022, message: 'unsupported', data },
          }),
    );

    await expect(stage.session(server).session.connect()).rejects.toMatchObject({
      status: 503,
      retryable: true,
      message: 'server/discover: HTTP 503: starting',
    });
    expect(server.requestCounts['initialize']).toBe(1);
  });

  it.each([undefined, 9_000])(
    'is connected to with the default engine if it never responds: %s',
    async (connectTimeout) => {
      const { scheduler, advance, now } = virtualTime();
      const server = await stage.server();
      server.answer(isDiscovery);
      const { session, errors } = stage.session(server, connectTimeout === undefined ? {} : { connectTimeout }, {
        scheduler,
      });

      const connected = session.connect();
      await server.until(() => server.requestCounts['server/discover'] === 1);
      await advance((connectTimeout ?? 30_000) / 3);
      await connected;

      expect(session.protocolVersion).toBe('2025-11-25');
      expect(now()).toBeLessThanOrEqual((connectTimeout ?? 30_000) / 3);
      expect(errors).toEqual([]);
      expect(server.requestCounts).toMatchObject({ 'server/discover': 1, initialize: 1 });
    },
  );

  it("has the whole connectTimeout with negotiation 'modern'", async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server();
    server.answer(isDiscovery);
    const { session } = stage.session(server, { engine: modern({ negotiation: 'modern' }) }, { scheduler });

    const outcome = session.connect().catch((error: unknown) => error);
    await server.until(() => server.requestCounts['server/discover'] === 1);
    await advance(29_999);
    expect(server.requestCounts).toEqual({ 'server/discover': 1 });
    await advance(1);

    expect(await outcome).toMatchObject({ message: 'connecting: timed out after 30000 ms', retryable: true });
  });

  it('fails with the error of initialize if it responds to neither', async () => {
    const { scheduler, advance } = virtualTime();
    const server = await stage.server();
    server.answer(() => true);
    const { session } = stage.session(server, {}, { scheduler });

    const outcome = session.connect().catch((error: unknown) => error);
    await server.until(() => server.requestCounts['server/discover'] === 1);
    await advance(10_000);
    await server.until(() => server.requestCounts['initialize'] === 1);
    await advance(30_000);

    expect(await outcome).toMatchObject({ message: 'initialize: timed out after 30000 ms', retryable: true });
    server.answer(undefined);
  });
});
