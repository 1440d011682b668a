import { type Asked, plain, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const failures: [string, (asked: Asked) => unknown][] = [
  ['is reset', ({ to }) => to.destroy()],
  ['never receives a response', () => undefined],
];

describe.each(failures)('a session whose stream drops, and whose every further GET %s', (_, fail) => {
  it('sends calls, requests the stream rarely, and listens again once it opens', async () => {
    const server = await stage.server();
    const reconnect = { initialDelay: 20, maxDelay: 200, jitter: 'none' as const };
    const watched = await stage.connected(server, { reconnect, watchdog: 500 });
    server.answer((asked) => {
      if (asked.what === 'GET') fail(asked);
      return asked.what === 'GET';
    });
    server.cut();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    expect(server.asked['initialize']).toBe(1);
    expect(server.asked['ping']).toBeLessThanOrEqual(server.asked['GET']!);

    server.answer(undefined);
    await watched.listens();
    expect(watched.gaps).toHaveLength(1);
  });
});

it('starts a new session if the server rejects a ping while each GET is reset', async () => {
  const server = await stage.server();
  const watched = await stage.connected(server);
  server.answer((asked) => {
    if (asked.from.headers['mcp-session-id'] !== 'session-1') return false;
    if (asked.what !== 'GET') return plain(asked, 404, 'session not found');
    asked.to.destroy();
    return true;
  });
  server.cut();

  await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
  await watched.until(({ gaps }) => gaps.length > 0);
  expect(server.asked['initialize']).toBe(2);
});
