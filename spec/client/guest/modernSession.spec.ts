import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { type ModernHttpServer, serveModernHttp } from '../../rig/modernServer/serveModernHttp';
import { openGuest } from './openGuest';

let server: ModernHttpServer;
let session: MCPSession;

beforeEach(async () => {
  server = await serveModernHttp();
  session = new MCPSession(new HttpConnector(server.url, { engine: modern({ negotiation: 'modern' }) }));
});

afterEach(async () => {
  await session.disconnect();
  await server.close();
});

describe('the SDK client over a session of protocol 2026-07-28', () => {
  it('is initialized with its own version, and the information of the server', async () => {
    const { client } = await openGuest(session);
    expect(session.protocolVersion).toBe('2026-07-28');
    expect(client.getServerVersion()).toEqual(session.serverInfo);
    expect(client.getServerCapabilities()).toEqual(session.capabilities);
    await client.close();
  });

  it('receives all progress of a call, in order, before its result', async () => {
    const { client } = await openGuest(session);
    const steps: number[] = [];
    await client.callTool({ name: 'long_task', arguments: { steps: 50, delayMs: 0 } }, undefined, {
      onprogress: ({ progress }) => steps.push(progress),
    });
    expect(steps).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    await client.close();
  });

  it('receives changes of lists and of the resources that it subscribed to', async () => {
    const { client, methods, until } = await openGuest(session);
    await client.subscribeResource({ uri: 'memo://readme' });
    await client.callTool({ name: 'touch_resource', arguments: { uri: 'memo://readme' } });
    await client.callTool({ name: 'toggle_tool', arguments: { name: 'new' } });
    await until(() => methods.includes('notifications/resources/updated'));
    await until(() => methods.includes('notifications/tools/list_changed'));
    await client.ping();
    expect(methods).toEqual(['notifications/resources/updated', 'notifications/tools/list_changed']);
    await client.close();
  });

  it('receives log messages from the level that it set', async () => {
    const { client } = await openGuest(session);
    const logged: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      logged.push(params.data);
    });
    await client.setLoggingLevel('info');
    await client.callTool({ name: 'log', arguments: { level: 'debug', message: 'too low' } });
    await client.callTool({ name: 'log', arguments: { level: 'info', message: 'received' } });
    expect(logged).toEqual(['received']);
    await client.close();
  });
});
