import { once } from 'node:events';
import { connect } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { MCPServer, tool } from 'rx-mcp/server';
import { serve } from 'rx-mcp/testing/node';

const echo = () =>
  new MCPServer(
    { name: 'served', version: '1.0.0' },
    { tools: [tool('echo', {}, ({ text }: { text?: string }) => String(text))] },
  );
/** Resolves with the error code of a connection to the port. */
async function codeOf(url: string): Promise<unknown> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const [error] = (await Promise.race([once(socket, 'error'), once(socket, 'connect')])) as [{ code?: string }?];
  socket.destroy();
  return error?.code;
}

const reconnect = { initialDelay: 20, maxDelay: 20 };

describe.each(['legacy', 'modern'] as const)('serve, protocol era %s', (era) => {
  it('answers clients on a loopback port, refuses them while down, and comes back on the same port', async () => {
    const server = echo();
    const net = await serve(server, { era });
    expect(net.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const session = new MCPSession(net.connector({ reconnect }));
    const changes$ = session.notifications$.pipe(ofMethod('notifications/tools/list_changed'));
    const state = (name: string) => firstValueFrom(session.status$.pipe(filter((status) => status.state === name)));
    const first = firstValueFrom(changes$);
    await session.connect();
    if (era === 'modern') await net.until('subscriptions/listen');
    expect(await session.callTool('echo', { text: 'hi' })).toMatchObject({ content: [{ text: 'hi' }] });
    server.toolsChanged();
    await first;
    const error = firstValueFrom(session.errors$);
    session.notifications$.subscribe();
    net.down();
    expect(await codeOf(net.url)).toBe('ECONNREFUSED');
    await error;
    net.up();
    await state('connected');
    expect(await session.callTool('echo', { text: 'again' })).toMatchObject({ content: [{ text: 'again' }] });
    await session.disconnect();
    await net[Symbol.asyncDispose]();
    expect(await codeOf(net.url)).toBe('ECONNREFUSED');
  });
});

describe('serve', () => {
  it('cuts streams on their sockets, and responds like a proxy', async () => {
    const net = await serve(echo());
    const session = new MCPSession(new HttpConnector(net.url, { reconnect }));
    await session.connect();
    const dropped = firstValueFrom(
      session.status$.pipe(filter((status) => status.state === 'connected' && !status.listening)),
    );
    net.drop();
    await dropped;
    await firstValueFrom(session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)));
    net.respond({ status: 429, headers: { 'retry-after': '7' } }, { method: 'tools/call' });
    await expect(session.callTool('echo')).rejects.toMatchObject({ status: 429 });
    await session.disconnect();
    await net[Symbol.asyncDispose]();
  });
});
