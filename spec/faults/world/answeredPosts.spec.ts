import { useStage } from '../../rig/useStage';
import { type IncomingRequest, empty, event, json, plain, stream } from './responses';
import { startWorldServer } from './startWorldServer';
import { serveHttpWithSse } from './serveHttpWithSse';

const stage = useStage(startWorldServer);

const failure = { code: -32000, message: 'out of order' };

const results: Record<string, object> = {
  initialize: { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: { name: 'old', version: '1' } },
  'tools/call': { content: [{ type: 'text', text: 'done' }] },
};

const responseTo = ({ id, kind }: IncomingRequest): object => ({ jsonrpc: '2.0', id, result: results[kind] ?? {} });

/** Starts a server of HTTP+SSE that responds to each request in the response to its POST. */
async function startAnswering(answer: (incoming: IncomingRequest) => boolean) {
  const server = await stage.server();
  server.answer((incoming) => {
    if (incoming.kind === 'GET') return stream(incoming).write('event: endpoint\ndata: /messages\n\n');
    if (incoming.path === '/mcp') return empty(incoming, 405);
    return incoming.id === undefined ? empty(incoming, 202) : answer(incoming);
  });
  return server;
}

const answers: [string, (incoming: IncomingRequest) => boolean][] = [
  ['JSON', (incoming) => json(incoming, 200, responseTo(incoming))],
  ['JSON, and 202', (incoming) => json(incoming, 202, responseTo(incoming))],
  ['JSON, and another type', (incoming) => plain(incoming, 200, JSON.stringify(responseTo(incoming)))],
  ['JSON, and another status', (incoming) => json(incoming, 400, responseTo(incoming))],
  ['an event stream', (incoming) => Boolean(stream(incoming).end(event(responseTo(incoming))))],
];

describe('a server of HTTP+SSE that responds in the response to the POST', () => {
  it.each(answers)('is connected to and called: %s', async (_, answer) => {
    const server = await startAnswering(answer);
    const { session, errors } = await stage.connected(server, { connectTimeout: 2_000 });

    await expect(session.callTool('echo')).resolves.toEqual(results['tools/call']);
    expect(errors).toEqual([]);
  });

  it('fails a call with the error that it sends with a status', async () => {
    const server = await startAnswering((incoming) =>
      incoming.kind === 'tools/call'
        ? json(incoming, 500, { jsonrpc: '2.0', id: incoming.id, error: failure })
        : json(incoming, 200, responseTo(incoming)),
    );
    const { session } = await stage.connected(server);

    await expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ServerError', ...failure });
  });
});

describe('a server of HTTP+SSE that responds on its stream', () => {
  it.each<[string, (incoming: IncomingRequest) => unknown]>([
    ['an acknowledgement as text', (incoming) => plain(incoming, 202, 'Accepted')],
    ['an acknowledgement as JSON', (incoming) => json(incoming, 200, { status: 'accepted' })],
    ['nothing', (incoming) => empty(incoming, 200)],
    [
      'a response that does not end',
      ({ to }) => to.writeHead(200, { 'content-type': 'application/json' }).flushHeaders(),
    ],
  ])('is called while the response to the POST is %s', async (_, acknowledge) => {
    const server = await stage.server();
    serveHttpWithSse(server, (incoming, write) => {
      acknowledge(incoming);
      if (incoming.id !== undefined) write(event(responseTo(incoming)));
      return true;
    });
    const { session } = await stage.connected(server);

    await expect(session.callTool('echo')).resolves.toEqual(results['tools/call']);
  });
});
