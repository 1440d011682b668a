import { BehaviorSubject, concat, filter, finalize, firstValueFrom, map, NEVER, of, skip } from 'rxjs';
import { HttpConnector, MCPClient, MCPSession } from 'rx-mcp';
import { MCPServer, progress, ServerError, tool, toolsOf, type ToolDefinition } from 'rx-mcp/server';
import { serve, until } from './rig/serve';

describe('a gateway', () => {
  it('serves a live list with progress, cancellation and errors', async () => {
    let running = 0;
    const steps = tool('steps', { description: 'Steps' }, () => of(progress(1, 2), progress(2, 2), 'done'));
    const endless = tool(
      'endless',
      {},
      () => (running++, concat(of(progress(1)), NEVER).pipe(finalize(() => running--))),
    );
    const refuses = tool('refuses', {}, () => {
      throw new ServerError('not here', { code: -32077, data: 1 });
    });
    const tools$ = new BehaviorSubject<ToolDefinition[]>([steps, endless, refuses]);
    const upstream = await serve(new MCPServer({ name: 'upstream', version: '1' }, { tools: tools$, coalesce: 1 }));
    const session = new MCPSession(new HttpConnector(upstream.url));
    await session.connect();
    const gateway = await serve(
      new MCPServer({ name: 'gateway', version: '1' }, { tools: toolsOf(session), coalesce: 1 }),
    );
    const downstream = new MCPSession(new HttpConnector(gateway.url));
    await downstream.connect();

    expect(await downstream.listTools()).toMatchObject([
      { name: 'steps', description: 'Steps' },
      { name: 'endless' },
      { name: 'refuses' },
    ]);
    const seen: number[] = [];
    const result = await downstream.callTool('steps', {}, { onProgress: ({ progress }) => seen.push(progress) });
    expect(result).toMatchObject({ content: [{ text: 'done' }] });
    expect(seen).toEqual([1, 2]);
    await firstValueFrom(downstream.callTool$('endless', {}).pipe(filter(({ kind }) => kind === 'progress')));
    await until(() => running === 0, 'the cancel upstream');
    await expect(downstream.callTool('refuses')).rejects.toMatchObject({ code: -32077, data: 1 });
    const changed = firstValueFrom(
      downstream.tools$.pipe(
        skip(1),
        map((tools) => tools.map(({ name }) => name)),
      ),
    );
    await firstValueFrom(downstream.tools$);
    tools$.next([steps]);
    expect(await changed).toEqual(['steps']);

    await downstream.disconnect();
    await gateway.close();
    await session.disconnect();
    await upstream.close();
  });

  it('serves the tools of a client, with the names of its servers', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map((name) =>
        serve(new MCPServer({ name, version: '1' }, { tools: [tool('who', {}, () => name)] })),
      ),
    );
    const client = new MCPClient({ mcpServers: { one: { url: one!.url.href }, two: { url: two!.url.href } } });
    await client.createAllSessions();
    const gateway = await serve(new MCPServer({ name: 'gateway', version: '1' }, { tools: toolsOf(client) }));
    const { client: downstream } = await gateway.connect();
    expect((await downstream.listTools()).tools.map(({ name }) => name).sort()).toEqual(['one_who', 'two_who']);
    expect(await downstream.callTool({ name: 'two_who' })).toMatchObject({ content: [{ text: 'two' }] });
    await gateway.close();
    await client.closeAllSessions();
    await one!.close();
    await two!.close();
  });
});
