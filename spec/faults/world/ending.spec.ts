import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

describe('disconnect()', () => {
  it('cancels pending calls before it deletes the session, and sends nothing afterwards', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const order: string[] = [];
    server.answer(({ kind }) => {
      order.push(kind);
      return kind === 'tools/call';
    });
    const calls = ['one', 'two', 'three'].map((name) => session.callTool(name));
    const failed = Promise.allSettled(calls);
    await server.until(() => server.requestCounts['tools/call'] === 3);

    await session.disconnect();
    await failed;

    expect(order.slice(3)).toEqual([...Array<string>(3).fill('notifications/cancelled'), 'DELETE']);
  });

  it('sends nothing for a call that is unsubscribed in the tick of its subscription', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    session.callTool$('echo').subscribe().unsubscribe();
    await session.ping();
    expect(server.requestCounts['tools/call']).toBeUndefined();
    expect(server.requestCounts['notifications/cancelled']).toBeUndefined();
  });

  it('does not leave the rejection of an interrupted connect() unhandled', async () => {
    const { session, statuses } = stage.session('http://127.0.0.1:9/mcp');
    // Jest fails a spec with an unhandled rejection.
    void session.connect({ retry: true });
    await new Promise(setImmediate);
    await session.disconnect();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(states({ statuses }).at(-1)).toBe('closed');
  });
});
