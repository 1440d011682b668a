import { ServerError } from 'rx-mcp';
import { useStage } from '../../rig/useStage';

const stage = useStage();

describe.each(['none', 'correct'] as const)('calls with an error response (event store: %s)', (eventStore) => {
  it('reject and leave no stream open', async () => {
    const server = await stage.server({ eventStore });
    const { session, errors } = await stage.connected(server.url);

    for (let n = 0; n < 20; n++) {
      const call = session.callTool('error', { code: -32050, message: 'No', data: { n } });
      await expect(call).rejects.toMatchObject({ name: 'ServerError', code: -32050, message: 'No', data: { n } });
    }
    // By the time this call is answered, any requests that the errors could cause have been sent.
    await session.callTool('work', { steps: 5, delayMs: 10 });
    const counts = await server.until(({ postStreams }) => postStreams === 0);

    expect(counts).toMatchObject({ requests: { GET: 1 }, getStreams: 1, sessionsOpened: 1 });
    expect(errors).toEqual([]);
  });

  it('reject with errors that are not retryable', async () => {
    const server = await stage.server({ eventStore });
    const { session } = await stage.connected(server.url);

    const error: unknown = await session.callTool('no such tool').catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: -32602, retryable: false, message: 'Unknown tool: no such tool' });
  });

  it('resolve with a result that has isError: true', async () => {
    const server = await stage.server({ eventStore });
    const { session } = await stage.connected(server.url);

    expect(await session.callTool('fail')).toMatchObject({ isError: true });
  });
});
