import { type IncomingRequest, json, plain } from './responses';
import { startWorldServer, type WorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';
import type { Watched } from '../../rig/watchSession';

const stage = useStage(startWorldServer);
const count = 20;

/** The calls that the server received in its second session. */
const resent = (sessions: readonly unknown[]): number => sessions.filter((session) => session === 'session-2').length;

/**
 * Makes concurrent calls to a server that has forgotten the session. It rejects the first one immediately, and the others once the new
 * session begins.
 */
async function callForgotten(
  server: WorldServer,
  { session }: Watched,
  reject: (incoming: IncomingRequest) => unknown,
): Promise<{ outcomes: PromiseSettledResult<unknown>[]; sessions: unknown[] }> {
  const held: IncomingRequest[] = [];
  const sessions: unknown[] = [];
  let calls = 0;
  server.answer((incoming) => {
    const id = incoming.from.headers['mcp-session-id'];
    if (incoming.kind === 'tools/call') sessions.push(id);
    if (incoming.kind === 'initialize') for (const each of held.splice(0)) reject(each);
    if (id !== 'session-1') return false;
    if (incoming.kind === 'tools/call' && ++calls > 1 && server.requestCounts['initialize'] === 1) held.push(incoming);
    else if (incoming.kind === 'tools/call') reject(incoming);
    else plain(incoming, 404);
    return true;
  });
  const outcomes = await Promise.allSettled(Array.from({ length: count }, () => session.callTool('echo')));
  return { outcomes, sessions };
}

const withoutId = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } };

describe('concurrent calls to a server that has forgotten the session', () => {
  it.each<[string, (incoming: IncomingRequest) => unknown]>([
    ['400', (incoming) => plain(incoming, 400, 'unknown session')],
    ['403', (incoming) => plain(incoming, 403)],
    ['404', (incoming) => plain(incoming, 404)],
    ['410', (incoming) => plain(incoming, 410)],
    ['500', (incoming) => plain(incoming, 500)],
    ['404 with a JSON-RPC error without an id', (incoming) => json(incoming, 404, withoutId)],
  ])('are each resent once if they are rejected with %s after the new session has begun', async (_, reject) => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    const { outcomes, sessions } = await callForgotten(server, watched, reject);

    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(resent(sessions)).toBe(count);
    expect(server.requestCounts['initialize']).toBe(2);
    expect(server.requestCounts['notifications/cancelled']).toBeUndefined();
  });

  it('are not resent if they are not rejected, and fail soon', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    const { outcomes, sessions } = await callForgotten(server, watched, (incoming) => {
      if (incoming.id === sessionCalls(server)[0]) plain(incoming, 404);
    });

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', ...Array(count - 1).fill('rejected')]);
    expect(outcomes).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ name: 'ConnectionLostError' }),
    });
    expect(resent(sessions)).toBe(1);
    expect(server.requestCounts['notifications/cancelled']).toBeUndefined();
  });

  it('do not delay disconnect()', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    const calling = callForgotten(server, watched, (incoming) => {
      if (incoming.id === sessionCalls(server)[0]) plain(incoming, 404);
    });
    await server.until(() => server.requestCounts['initialize'] === 2);
    await watched.session.disconnect();
    const { outcomes } = await calling;
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(count - 1);
    expect(server.requestCounts['notifications/cancelled']).toBeUndefined();
  });
});

/** The ids of all received calls. */
function sessionCalls({ messages }: WorldServer): unknown[] {
  return messages.filter(({ method }) => method === 'tools/call').map((message): unknown => Reflect.get(message, 'id'));
}
