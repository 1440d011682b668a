import type { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { lastValueFrom, map, merge, toArray } from 'rxjs';
import { stdioFaultServerCommand } from '../../rig/stdio/stdioFaultServerCommand';
import { useStage } from '../../rig/useStage';

describe('a thousand concurrent calls on one session', () => {
  const stage = useStage();
  const steps = 5;

  /** Returns the events of each call, in order. */
  const callAll = async (session: MCPSession): Promise<unknown[][]> => {
    const calls$ = Array.from({ length: 1_000 }, () =>
      session
        .callTool$('work', { steps })
        .pipe(map((event) => (event.kind === 'progress' ? event.progress : event.kind))),
    ).map((call$) => call$.pipe(toArray()));
    return lastValueFrom(merge(...calls$).pipe(toArray()));
  };

  it('complete over HTTP, with all progress in order', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url);

    const results = await callAll(session);

    expect(results).toEqual(Array(1_000).fill([1, 2, 3, 4, 5, 'result']));
    const { cancelled, messages } = await server.until(({ postStreams }) => postStreams === 0);
    expect(messages['tools/call']).toBe(1_000);
    expect(cancelled).toEqual([]);
  });

  it('complete over stdio, with all progress in order', async () => {
    const { session } = stage.session(new StdioConnector({ ...stdioFaultServerCommand(), stderr: 'ignore' }));
    await session.connect();

    expect(await callAll(session)).toEqual(Array(1_000).fill([1, 2, 3, 4, 5, 'result']));
  });
});
