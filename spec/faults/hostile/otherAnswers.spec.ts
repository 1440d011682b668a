import { useStage } from '../../rig/useStage';
import { startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);

describe('a JSON response that does not match the request', () => {
  it.each([
    ['because it has a different id', '{"jsonrpc":"2.0","id":"other","result":{}}'],
    ['because it is an empty batch', '[]'],
    ['because it is null', 'null'],
    ['because it is a notification', '{"jsonrpc":"2.0","method":"custom/tick"}'],
  ])('%s, fails the call immediately', async (_, body) => {
    const server = await stage.server(({ what, to }) => {
      if (what !== 'tools/call') return false;
      to.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();

    const call = session.callTool('any', {}, { timeout: Infinity });

    await expect(call).rejects.toMatchObject({ name: 'ServerError', code: -32603 });
    expect(server.asked['notifications/cancelled']).toBeUndefined();
  });
});
