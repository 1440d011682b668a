import { type IncomingRequest, plain } from './responses';
import { startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const failures: [string, (incoming: IncomingRequest) => unknown][] = [
  ['is reset', ({ to }) => to.destroy()],
  ['never receives a response', () => undefined],
];

describe.each(failures)('a session whose stream drops, and whose every further GET %s', (_, fail) => {
  it('sends calls, requests the stream rarely, and listens again once it opens', async () => {
    const server = await stage.server();
    const reconnect = { initialDelay: 20, maxDelay: 200, jitter: 'none' as const };
    const watched = await stage.connected(server, { reconnect, watchdog: 500 });
    server.answer((incoming) => {
      if (incoming.kind === 'GET') fail(incoming);
      return incoming.kind === 'GET';
    });
    server.cut();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(server.requestCounts['initialize']).toBe(1);
    expect(server.requestCounts['ping']).toBeLessThanOrEqual(server.requestCounts['GET']!);

    server.answer(undefined);
    await watched.listens();
    expect(watched.gaps).toHaveLength(1);
  });
});

describe('a session whose every GET is reset', () => {
  it('is replaced by a new one if the server rejects a ping', async () => {
    const server = await stage.server();
    const watched = await stage.connected(server);
    server.answer((incoming) => {
      if (incoming.from.headers['mcp-session-id'] !== 'session-1') return false;
      if (incoming.kind !== 'GET') return plain(incoming, 404, 'session not found');
      incoming.to.destroy();
      return true;
    });
    server.cut();

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    await watched.until(({ gaps }) => gaps.length > 0);
    expect(server.requestCounts['initialize']).toBe(2);
  });
});
