import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

/** An SDK server in this process, for behaviour that the fault server does not have. */
export interface SdkServer {
  /** Creates a connector. Each connection creates a new server. */
  connector(options?: ConnectorOptions): TransportConnector;
  /** The server of the latest connection. */
  readonly current: Server;
  /** Returns the number of received messages with this method. */
  count(method: string): number;
}

/** Creates an SDK server with these capabilities and handlers. */
export function sdkServer(capabilities: ServerCapabilities, setUp: (server: Server) => void = () => {}): SdkServer {
  const received: string[] = [];
  let current: Server;

  return {
    connector: (options) =>
      new TransportConnector(async () => {
        const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
        serverSide.onmessage = (message) => {
          if ('method' in message) received.push(message.method);
        };
        current = new Server({ name: 'sdk', version: '1.0.0' }, { capabilities });
        setUp(current);
        await current.connect(serverSide);
        return clientSide;
      }, options),
    get current() {
      return current;
    },
    count: (method) => received.filter((name) => name === method).length,
  };
}
