import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

/** A server of the SDK in this process, for what the fault server does not do. */
export interface SdkServer {
  /** Each connection is to a new one. */
  connector(options?: ConnectorOptions): TransportConnector;
  /** The one connected last. */
  readonly current: Server;
  /** How many messages of this method have come in. */
  count(method: string): number;
}

/** One that has these capabilities, and what else it is given. */
export function sdkServer(capabilities: ServerCapabilities, setUp: (server: Server) => void = () => {}): SdkServer {
  const received: string[] = [];
  let current: Server;

  return {
    connector: (options) =>
      new TransportConnector(async () => {
        const [ours, theirs] = InMemoryTransport.createLinkedPair();
        theirs.onmessage = (message) => {
          if ('method' in message) received.push(message.method);
        };
        current = new Server({ name: 'sdk', version: '1.0.0' }, { capabilities });
        setUp(current);
        await current.connect(theirs);
        return ours;
      }, options),
    get current() {
      return current;
    },
    count: (method) => received.filter((name) => name === method).length,
  };
}
