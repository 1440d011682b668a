import { event, type IncomingRequest } from './responses';
import { type WorldServer, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

/** Accepts requests of a method with a status, and leaves the response to the spec. */
function accept(server: WorldServer, method: string, status = 202): unknown[] {
  const ids: unknown[] = [];
  server.answer(({ kind, id, to }: IncomingRequest) => {
    if (kind !== method) return false;
    to.writeHead(status).end();
    ids.push(id);
    return true;
  });
  return ids;
}

describe('a request that is accepted with 202', () => {
  it.each(['tools/call', 'tools/list', 'custom/ask'])('is answered on the GET stream: %s', async (method) => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const ids = accept(server, method);
    const call = session.request(method, method === 'tools/call' ? { name: 'echo' } : {});
    await server.until(() => ids.length === 1);
    server.write(event({ id: ids[0], result: { content: [], tools: [] } }));
    await expect(call).resolves.toMatchObject({ tools: [] });
  });

  it('delivers progress before the result', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const ids = accept(server, 'tools/call');
    const seen: string[] = [];
    const done = new Promise<void>((resolve) => {
      session.callTool$('echo', {}, { progressToken: 'mine' }).subscribe({
        next: ({ kind }) => seen.push(kind),
        complete: resolve,
      });
    });
    await server.until(() => ids.length === 1);
    const progress = { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } };
    server.write(event(progress) + event({ id: ids[0], result: { content: [] } }));
    await done;
    expect(seen).toEqual(['progress', 'result']);
  });

  it('times out without a response', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    accept(server, 'tools/call');
    await expect(session.callTool('echo', {}, { timeout: 50 })).rejects.toMatchObject({ name: 'RequestTimeoutError' });
    await session.ping();
  });

  it('fails when its connection is lost', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const ids = accept(server, 'tools/call');
    const call = expect(session.callTool('echo')).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await server.until(() => ids.length === 1);
    await server.kill();
    await server.start();
    await call;
  });
});
