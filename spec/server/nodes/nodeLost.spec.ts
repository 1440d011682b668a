import { HttpConnector, MCPSession, ServerError } from 'rx-mcp';
import { progress, tool } from 'rx-mcp/server';
import { concat, filter, firstValueFrom, NEVER, of, tap } from 'rxjs';
import { createCut } from './rig/createCut';
import { type Nodes, startNodes } from './rig/startNodes';

describe('a call whose node is lost', () => {
  let nodes: Nodes;
  let session: MCPSession | undefined;
  const runs: number[] = [];
  const cuts: ReturnType<typeof createCut>[] = [];

  beforeEach(async () => {
    runs.length = cuts.length = 0;
    nodes = await startNodes(
      (index) => ({
        tools: [
          tool('endless', {}, () => {
            runs.push(index);
            return concat(of(progress(1)), NEVER);
          }),
        ],
      }),
      { backplaneOf: (index, shared) => (cuts[index] = createCut(shared)).backplane },
    );
  });
  afterEach(async () => {
    await session?.disconnect();
    session = undefined;
    await nodes.close();
  });

  /** Disconnects a node from the store and from its clients, as if its process had been killed. */
  async function killNode(index: number): Promise<void> {
    const { server, served } = nodes.nodes[index]!;
    const { node } = await firstValueFrom(server.status$);
    cuts[index]!.cut();
    // The key of a node expires when the node no longer refreshes it.
    await nodes.backplane.delete(`n:${node}`);
    nodes.balancer.route = () => 1 - index;
    served.http.closeAllConnections();
  }

  it('fails with node_lost at the node that resumes it, and does not run again', async () => {
    session = new MCPSession(new HttpConnector(nodes.balancer.url, { reconnect: { initialDelay: 20, maxDelay: 100 } }));
    nodes.balancer.route = () => 0;
    await session.connect();
    const call$ = session.callTool$('endless').pipe(
      filter(({ kind }) => kind === 'progress'),
      tap(() => void killNode(0)),
    );
    const error: unknown = await firstValueFrom(call$.pipe(filter(() => false))).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: -32000, data: { reason: 'node_lost' } });
    expect(runs).toEqual([0]);
    expect((await firstValueFrom(session.status$)).state).toBe('connected');
  });

  it('fails with node_lost for a client that resumes with raw requests', async () => {
    nodes.balancer.route = () => 0;
    const { send } = nodes.nodes[0]!.served;
    const initialized = await send({ json: initialize });
    const id = initialized.headers.get('mcp-session-id') ?? '';
    const call = {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'endless', _meta: { progressToken: 7 } },
    };
    const { body } = await send({ json: call, session: id, version: '2025-11-25' });
    const lastEventId = await lastIdOf(body!);
    await killNode(0);
    const resumed = await nodes.nodes[1]!.served.send({
      method: 'GET',
      session: id,
      version: '2025-11-25',
      headers: { 'last-event-id': lastEventId },
    });
    const text = await resumed.text();
    expect(text).toContain('"reason":"node_lost"');
    expect(text).toContain('"id":7');
  });
});

const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

/** Reads a response up to its first notification, and returns the id of that event. */
async function lastIdOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk);
    if (text.includes('notifications/progress')) break;
  }
  return [...text.matchAll(/^id: (\S+)/gm)].at(-1)![1]!;
}
