import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { MCPSession, TransportConnector } from 'rx-mcp';
import { firstValueFrom, skip } from 'rxjs';

describe('a session', () => {
  it('ignores errors of a transport whose connection has ended', async () => {
    const transports: InMemoryTransport[] = [];
    const connector = new TransportConnector(
      async () => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        await new Server({ name: 'any', version: '1' }, { capabilities: {} }).connect(serverSide);
        transports.push(clientSide);
        return clientSide;
      },
      { reconnect: { initialDelay: 5, jitter: 'none' } },
    );
    const session = new MCPSession(connector);
    const errors: string[] = [];
    session.errors$.subscribe(({ message }) => errors.push(message));
    let received = 0;
    session.notifications$.subscribe(() => received++);
    await session.connect();
    const again = firstValueFrom(session.connections$.pipe(skip(1)));
    const [old] = transports;
    const closed = old?.onclose;
    await old?.close();
    await again;

    closed?.();
    old?.onerror?.(new Error('too late'));
    old?.onmessage?.({ jsonrpc: '2.0', method: 'custom/late' });
    await session.ping();

    expect(errors).toEqual(['connection: the transport closed']);
    expect(received).toBe(0);
    await session.disconnect();
  });
});
