import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';
import { json, result, stream, type IncomingRequest } from './responses';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

const ended = (incoming: IncomingRequest): boolean => {
  stream(incoming).end();
  return true;
};

describe('a server without session ids', () => {
  it('is connected without a stream if each stream ends at once', async () => {
    const server = await stage.server({ ids: 'none' });
    server.acceptAnyId(true);
    const held: IncomingRequest[] = [];
    server.answer((incoming) => {
      if (incoming.kind === 'GET') return ended(incoming);
      // The stream ends during the handshake.
      return incoming.kind === 'notifications/initialized' && held.push(incoming) > 0;
    });
    const watched = stage.session(server.url);

    const connected = watched.session.connect();
    await server.until(() => held.length > 0 && (server.requestCounts['GET'] ?? 0) > 0);
    await new Promise(setImmediate);
    server.answer((incoming) => incoming.kind === 'GET' && ended(incoming));
    for (const { to } of held) to.writeHead(202).end();
    await connected;
    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    await watched.until(({ statuses }) => {
      const last = statuses.at(-1);
      return last?.state === 'connected' && !last.listening && server.requestCounts['GET']! >= 3;
    });

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(states(watched)).not.toContain('closed');
    expect(server.requestCounts['initialize']).toBeLessThanOrEqual(3);
    expect(watched.errors.filter(({ message }) => message.startsWith('listening'))).toHaveLength(1);
  });

  it('responds to a pending call although its stream is cut and a new connection replaces the old one', async () => {
    const { server, watched, calls } = await withPendingCalls();
    const called = watched.session.callTool('slow');
    await server.until(() => calls.length === 1);

    for (const round of [2, 3]) {
      server.cut();
      await server.until(() => server.requestCounts['initialize'] === round);
      await watched.until(({ gaps }) => gaps.length === round - 1);
      await watched.listens();
    }
    result(calls[0]!, { content: [{ type: 'text', text: 'late' }] });

    await expect(called).resolves.toMatchObject({ content: [{ text: 'late' }] });
    expect(calls).toHaveLength(1);
  });

  it('fails a pending call only if the response to that call is cut', async () => {
    const { server, watched, calls } = await withPendingCalls();
    const [one, other] = ['one', 'other'].map((name) => watched.session.callTool(name));
    await server.until(() => calls.length === 2);

    server.cut();
    await watched.until(({ gaps }) => gaps.length === 1);
    const [first, second] = calls;
    stream(first!).destroy();
    json(second!, 200, { jsonrpc: '2.0', id: second!.id, result: { content: [] } });

    const byName = first!.params['name'] === 'one' ? [one, other] : [other, one];
    await expect(byName[0]).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await expect(byName[1]).resolves.toEqual({ content: [] });
  });

  it('receives the cancellation of a pending call of a replaced connection on disconnect()', async () => {
    const { server, watched, calls } = await withPendingCalls();
    const called = watched.session.callTool('slow');
    await server.until(() => calls.length === 1);
    server.cut();
    await watched.until(({ gaps }) => gaps.length === 1);
    const failed = expect(called).rejects.toMatchObject({ name: 'SessionClosedError' });

    await watched.session.disconnect();

    await failed;
    expect(server.requestCounts['notifications/cancelled']).toBe(1);
  });
});

/** Connects a session to a server without session ids that does not respond to calls. */
async function withPendingCalls() {
  const server = await stage.server({ ids: 'none' });
  server.acceptAnyId(true);
  const watched = await stage.connected(server);
  const calls: IncomingRequest[] = [];
  server.answer((incoming) => incoming.kind === 'tools/call' && calls.push(incoming) > 0);
  return { server, watched, calls };
}
