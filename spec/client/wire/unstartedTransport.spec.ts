import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { MCPSession, TransportConnector } from 'rx-mcp';

describe('a session whose transport cannot be started', () => {
  it('fails with the operation and the reason', async () => {
    class UnstartedTransport extends InMemoryTransport {
      override start = (): Promise<void> => Promise.reject(new Error('port is in use'));
    }
    const session = new MCPSession(new TransportConnector(() => new UnstartedTransport()));

    await expect(session.connect()).rejects.toMatchObject({
      name: 'ConnectionFailedError',
      message: 'starting the transport: port is in use',
      retryable: true,
    });

    await session.disconnect();
  });
});
