import { useStage } from '../../rig/useStage';
import { startHostileServer } from './startHostileServer';
import { mismatchedResponses } from './mismatchedResponses';

const stage = useStage(startHostileServer);

describe('a JSON response that does not match the request', () => {
  it.each(mismatchedResponses)('%s, fails the call immediately', async (_, body) => {
    const server = await stage.server(({ kind, to }) => {
      if (kind !== 'tools/call') return false;
      to.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();

    const call = session.callTool('any', {}, { timeout: Infinity });

    await expect(call).rejects.toMatchObject({ name: 'ServerError', code: -32603 });
    expect(server.requestCounts['notifications/cancelled']).toBeUndefined();
  });
});
