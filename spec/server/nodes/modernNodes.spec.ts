import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { HttpConnector, listChanged, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { type MCPServerOptions, tool } from 'rx-mcp/server';
import { filter, firstValueFrom, map } from 'rxjs';
import { z } from 'zod';
import { quickSdk } from '../../rig/quick';
import { type Nodes, startNodes } from './rig/startNodes';

describe('a server of two nodes, with protocol 2026-07-28', () => {
  let nodes: Nodes | undefined;
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await nodes?.close();
  });

  it('delivers a list change at one node to a client that listens at another', async () => {
    nodes = await startNodes(() => ({ tools: [], coalesce: 1 }));
    nodes.balancer.route = () => 0;
    const session = new MCPSession(
      new HttpConnector(nodes.balancer.url, { engine: modern({ negotiation: 'modern' }) }),
    );
    open.push({ close: () => session.disconnect() });
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.connect();
    await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
    nodes.nodes[1]!.server.toolsChanged();
    expect(await changed).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  const ask: MCPServerOptions['tools'] = [
    tool('ask', {}, (_, { elicit$ }) =>
      elicit$('name', { message: 'Name?', schema: z.object({ name: z.string() }) }).pipe(
        map(({ content }) => `Hello ${String(content?.name)}`),
      ),
    ),
  ];

  /** Calls a tool, and sends each round to a different node. Resolves with the text of the result. */
  async function askAcross({ balancer }: Nodes): Promise<unknown> {
    let round = 0;
    balancer.route = () => round++ % 2;
    const client = new Client(
      { name: 'spec', version: '1' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
    await client.connect(new StreamableHTTPClientTransport(balancer.url, { reconnectionOptions: quickSdk }));
    open.push(client);
    const before = round;
    const { content } = await client.callTool({ name: 'ask' });
    expect(round - before).toBe(2);
    return content;
  }

  it('continues a call with the answer at another node if the nodes share a secret', async () => {
    nodes = await startNodes(() => ({ tools: ask, secret: 's'.repeat(32) }));
    expect(await askAcross(nodes)).toMatchObject([{ text: 'Hello Ada' }]);
  });

  it('rejects the state of another node without a shared secret', async () => {
    nodes = await startNodes(() => ({ tools: ask }));
    await expect(askAcross(nodes)).rejects.toThrow(/state/i);
  });
});
