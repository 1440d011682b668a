import { type IncomingRequest, json, plain } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);
const notFound = { jsonrpc: '2.0', id: null, error: { code: -32601, message: 'Method not found' } };

const rejections: [string, (incoming: IncomingRequest) => boolean][] = [
  ...[400, 401, 403, 404, 405, 410, 500, 501].map((status): [string, (incoming: IncomingRequest) => boolean] => [
    String(status),
    (incoming) => plain(incoming, status, 'no'),
  ]),
  ['404 and a JSON-RPC error', (incoming) => json(incoming, 404, notFound)],
];

describe.each(['known', 'none'] as const)('a server with session ids: %s', (ids) => {
  it.each(rejections)('is usable if it rejects notifications/initialized with %s', async (_, reject) => {
    const server = await stage.server({ ids });
    server.answer((incoming) => incoming.kind === 'notifications/initialized' && reject(incoming));
    const watched = stage.session(server.url);

    await watched.session.connect();
    await watched.listens();
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(watched.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^notifications\/initialized: HTTP \d{3}/),
    ]);
    expect(server.requestCounts).toMatchObject({ initialize: 1, ping: expect.any(Number) });
  });

  it.each([400, 404])(
    'fails with the first rejection if it rejects each message after initialize with %s',
    async (status) => {
      const server = await stage.server({ ids });
      server.answer(
        (incoming) => !['initialize', 'GET', 'DELETE'].includes(incoming.kind) && plain(incoming, status, 'no'),
      );
      const { session } = stage.session(server.url);

      await expect(session.connect()).rejects.toMatchObject({
        message: expect.stringContaining(`notifications/initialized: HTTP ${status}`),
      });
      expect(server.requestCounts['initialize']).toBe(1);
    },
  );

  it('is usable if it also rejects the stream until then', async () => {
    const server = await stage.server({ ids });
    server.answer((incoming) => {
      if (incoming.kind === 'GET' && !server.requestCounts['notifications/initialized'])
        return plain(incoming, 400, 'too early');
      return incoming.kind === 'notifications/initialized' && plain(incoming, 400, 'no');
    });
    const watched = stage.session(server.url);

    await watched.session.connect();
    await watched.listens();
    expect(server.requestCounts['initialize']).toBe(1);
  });

  it('fails with a retryable error if it rejects notifications/initialized with 503', async () => {
    const server = await stage.server({ ids });
    server.answer((incoming) => incoming.kind === 'notifications/initialized' && plain(incoming, 503, 'starting'));
    const { session } = stage.session(server.url);

    await expect(session.connect()).rejects.toMatchObject({ status: 503, retryable: true });
  });
});
