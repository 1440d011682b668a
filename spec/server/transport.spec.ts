import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { concat, finalize, firstValueFrom, interval, map, NEVER, of, toArray } from 'rxjs';
import { MCPServer, progress, resource, tool } from 'rx-mcp/server';
import { stepsTool } from './rig/stepsTool';
import { until } from './rig/serve';

describe('a server connected to a transport', () => {
  const connect = async (server: MCPServer) => {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const closed = server.connect(serverSide);
    const client = new Client({ name: 'spec', version: '1' });
    const notifications: { method: string }[] = [];
    client.fallbackNotificationHandler = async (notification) => void notifications.push(notification);
    await client.connect(clientSide);
    return { client, notifications, closed };
  };

  it('serves calls, with progress in order, and ends when the transport closes', async () => {
    let unsubscribed = 0;
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      {
        tools: [
          stepsTool,
          tool('endless', {}, () => concat(of(progress(1)), NEVER).pipe(finalize(() => unsubscribed++))),
        ],
      },
    );
    const { client, closed } = await connect(server);
    const seen: number[] = [];
    expect(
      await client.callTool({ name: 'steps' }, undefined, { onprogress: ({ progress }) => seen.push(progress) }),
    ).toMatchObject({ content: [{ text: 'done' }] });
    expect(seen).toEqual([1, 2, 3]);
    const started = new Promise(
      (resolve) => void client.callTool({ name: 'endless' }, undefined, { onprogress: resolve }).catch(() => undefined),
    );
    await started;
    await client.close();
    await closed;
    expect(unsubscribed).toBe(1);
    await server.close();
  });

  it('sends broadcasts, updates and notifications of the session', async () => {
    const server = new MCPServer(
      { name: 'spec', version: '1' },
      { resources: [resource('live://x', {}, interval(5).pipe(map(String)))], coalesce: 1 },
    );
    const sessions = firstValueFrom(server.sessions$);
    const { client, notifications } = await connect(server);
    const session = await sessions;
    await server.notify('custom/all');
    await server.notify('custom/one', {}, { session: session.id });
    await session.notify('custom/two');
    await client.subscribeResource({ uri: 'live://x' });
    await until(() => notifications.some(({ method }) => method === 'notifications/resources/updated'), 'an update');
    expect(notifications.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['custom/all', 'custom/one', 'custom/two']),
    );
    await server.close();
  });

  it('closes its transports with the server', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' });
    const { closed } = await connect(server);
    await server.close();
    await closed;
  });

  it('closes a transport that is connected after the server has closed', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' });
    await server.close();
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const closed = new Promise<void>((resolve) => (clientSide.onclose = resolve));
    await expect(server.connect(serverSide)).rejects.toMatchObject({
      name: 'SessionClosedError',
      message: 'connect: the server is closed',
    });
    await closed;
  });

  it('ends a session that initializes while the server closes', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const closed = server.connect(serverSide);
    await clientSide.start();
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'spec', version: '1' } };
    await clientSide.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    await server.close();
    await closed;
    expect(await firstValueFrom(server.sessions$.pipe(toArray()))).toEqual([]);
  });
});
