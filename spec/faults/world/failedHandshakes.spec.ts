import { HttpConnector } from 'rx-mcp';
import { useStage } from '../../rig/useStage';
import { type IncomingRequest, json, plain, result } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

const session = { 'mcp-session-id': 'session-0' };
const agreement = (protocolVersion: string): object => ({
  protocolVersion,
  capabilities: {},
  serverInfo: { name: 'world', version: '1.0.0' },
});

const isInitialized = ({ kind }: IncomingRequest): boolean => kind === 'notifications/initialized';

/** Starts the response to `initialize` without ending it. */
function begin({ to }: IncomingRequest, type: string): true {
  to.writeHead(200, { 'content-type': type, ...session }).flushHeaders();
  return true;
}

const failures: [string, (incoming: IncomingRequest) => boolean][] = [
  ['sends an unsupported version', (incoming) => result(incoming, agreement('2031-01-01'), session)],
  ['sends no version', (incoming) => result(incoming, {}, session)],
  [
    'responds to initialize with a JSON-RPC error',
    (incoming) =>
      json(incoming, 200, { jsonrpc: '2.0', id: incoming.id, error: { code: -32603, message: 'no' } }, session),
  ],
  ['responds to initialize with another message', (incoming) => json(incoming, 200, { detail: 'no' }, session)],
  ['does not complete a JSON response to initialize', (incoming) => begin(incoming, 'application/json')],
  ['does not complete a response stream of initialize', (incoming) => begin(incoming, 'text/event-stream')],
];

describe('a failed handshake', () => {
  it.each(failures)('ends the session that the server has assigned if the server %s', async (_, initialize) => {
    const server = await stage.server();
    const deleted: unknown[] = [];
    server.answer((incoming) => {
      if (incoming.kind === 'DELETE') deleted.push(incoming.from.headers['mcp-session-id']);
      return incoming.kind === 'initialize'
        ? initialize(incoming)
        : incoming.kind === 'DELETE' && plain(incoming, 204, '');
    });
    const watched = stage.session(server.url, { connectTimeout: 300 });

    await expect(watched.session.connect()).rejects.toMatchObject({ name: 'ConnectionFailedError' });
    expect(deleted).toEqual(['session-0']);
  });

  it.each([400, 429, 500, 503])(
    'ends the session if the server rejects notifications/initialized and pings with %i',
    async (status) => {
      const server = await stage.server();
      server.answer(
        (incoming) => !['initialize', 'GET', 'DELETE'].includes(incoming.kind) && plain(incoming, status, 'no'),
      );

      await expect(stage.session(server.url).session.connect()).rejects.toThrow(
        `notifications/initialized: HTTP ${status}`,
      );
      expect(server.requestCounts).toMatchObject({ initialize: 1, DELETE: 1 });
    },
  );

  it('ends the session if the server does not respond to notifications/initialized in time', async () => {
    const server = await stage.server();
    server.answer(isInitialized);

    await expect(stage.session(server.url, { connectTimeout: 300 }).session.connect()).rejects.toMatchObject({
      message: 'initialize: timed out after 300 ms',
    });
    expect(server.requestCounts).toMatchObject({ initialize: 1, DELETE: 1 });
  });

  it('ends the session if it is unsubscribed from', async () => {
    const server = await stage.server();
    server.answer(isInitialized);
    const connecting = new HttpConnector(server.url).connect().subscribe();
    await server.until(() => server.requestCounts['notifications/initialized'] === 1);
    connecting.unsubscribe();

    await server.until(() => server.requestCounts['DELETE'] === 1);
  });

  it('ends the session of each attempt, once', async () => {
    const server = await stage.server();
    server.answer(
      (incoming) =>
        isInitialized(incoming) && (server.requestCounts['initialize'] ?? 0) < 3 && plain(incoming, 503, 'no'),
    );
    const watched = stage.session(server.url);

    await watched.session.connect({ retry: true });
    expect(server.requestCounts).toMatchObject({ initialize: 3, DELETE: 2 });
  });

  it('waits for the end of the session when it is disconnected in the meantime', async () => {
    const server = await stage.server();
    const order: string[] = [];
    server.answer((incoming) => {
      if (incoming.kind === 'DELETE') {
        setImmediate(() => {
          order.push('deleted');
          plain(incoming, 204, '');
        });
        return true;
      }
      return isInitialized(incoming) && plain(incoming, 503, 'no');
    });
    const watched = stage.session(server.url);
    const connected = watched.session.connect({ retry: true }).catch(() => undefined);
    await server.until(() => server.requestCounts['DELETE'] === 1);
    const disconnected = watched.session.disconnect();
    await disconnected;
    order.push('disconnected');
    await connected;

    expect(order).toEqual(['deleted', 'disconnected']);
  });

  it('sends no DELETE to a server without sessions', async () => {
    const server = await stage.server({ ids: 'none' });
    server.answer((incoming) => isInitialized(incoming) && plain(incoming, 503, 'no'));

    await expect(stage.session(server.url).session.connect()).rejects.toMatchObject({ status: 503 });
    expect(server.requestCounts['DELETE']).toBeUndefined();
  });
});
