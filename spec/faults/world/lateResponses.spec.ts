import { event, type IncomingRequest } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

describe('a response that arrives after its connection was replaced', () => {
  it.each([
    ['on the new event stream', (server: Stream, late: object) => server.write(event(late))],
    [
      'in the response to a different call',
      (_: Stream, late: object, other: IncomingRequest) => void other.to.write(event(late)),
    ],
  ])('is not mistaken for the response to a later call: %s', async (_, respond) => {
    const server = await stage.server({ ids: 'none' });
    const watched = stage.session(server.url);
    await watched.session.connect();
    await watched.listens();
    const calls: IncomingRequest[] = [];
    server.answer((incoming) => incoming.kind === 'tools/call' && calls.push(incoming) > 0);

    const first = watched.session.callTool('echo', { call: 1 });
    const rejection = expect(first).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await server.until(() => calls.length === 1);
    calls[0]!.to.destroy();
    server.cut();
    await rejection;
    await server.until(() => (server.requestCounts['initialize'] ?? 0) > 1);
    await watched.listens();
    const second = watched.session.callTool('echo', { call: 2 });
    await server.until(() => calls.length === 2);
    calls[1]!.to.writeHead(200, { 'content-type': 'text/event-stream' });
    respond(server, { id: calls[0]!.id, result: { content: [{ type: 'text', text: 'late' }] } }, calls[1]!);
    calls[1]!.to.end(event({ id: calls[1]!.id, result: { content: [{ type: 'text', text: 'own' }] } }));

    await expect(second).resolves.toMatchObject({ content: [{ text: 'own' }] });
    expect(calls[1]!.id).not.toBe(calls[0]!.id);
  });
});

type Stream = Pick<Awaited<ReturnType<typeof startWorldServer>>, 'write'>;
