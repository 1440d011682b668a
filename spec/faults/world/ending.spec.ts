import { useStage } from '../../rig/useStage';
import { startWorldServer } from './startWorldServer';

const stage = useStage(startWorldServer);

describe('disconnect()', () => {
  it('cancels pending calls before it deletes the session, and sends nothing afterwards', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    const order: string[] = [];
    server.answer(({ what }) => {
      order.push(what);
      return what === 'tools/call';
    });
    const calls = ['one', 'two', 'three'].map((name) => session.callTool(name));
    const failed = Promise.allSettled(calls);
    await server.until(() => server.asked['tools/call'] === 3);

    await session.disconnect();
    await failed;

    expect(order.slice(3)).toEqual([...Array<string>(3).fill('notifications/cancelled'), 'DELETE']);
  });

  it('sends nothing for a call that is unsubscribed in the tick of its subscription', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server);
    session.callTool$('echo').subscribe().unsubscribe();
    await session.ping();
    expect(server.asked['tools/call']).toBeUndefined();
    expect(server.asked['notifications/cancelled']).toBeUndefined();
  });

  it('does not leave the rejection of an interrupted connect() unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { session } = stage.session('http://127.0.0.1:9/mcp');
    void session.connect({ retry: true });
    await new Promise(setImmediate);
    await session.disconnect();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
