import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { JSONRPCMessage, ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

type Server = McpServer['server'];

/** Options for {@link createMemoryServer}. */
export interface MemoryServerOptions {
  capabilities?: ServerCapabilities;
  /** Called with each new server, to set its handlers. */
  prepare?: (server: Server) => void;
}

/** SDK servers in this process, one for each connection. Everything happens without delays. */
export interface MemoryServer {
  connector(options?: ConnectorOptions): TransportConnector;
  /** The number of attempted connections. */
  readonly attempts: number;
  /** The server of the newest connection. */
  readonly server: Server;
  /** The messages of clients, on all connections. */
  readonly received: JSONRPCMessage[];
  /** Returns the methods of these messages. */
  methods(): string[];
  /** Sends a value to the newest client unmodified, whether or not it is a message. */
  write(value: unknown): void;
  /** Closes the newest connection on the server. */
  drop(): Promise<void>;
  /** Makes further attempts fail with this error, until called with `undefined`. */
  refuse(error: Error | undefined): void;
}

/** Creates a {@link MemoryServer}. */
export function createMemoryServer({ capabilities, prepare }: MemoryServerOptions = {}): MemoryServer {
  const received: JSONRPCMessage[] = [];
  let newest: { server: Server; clientSide: InMemoryTransport } | undefined;
  let refusal: Error | undefined;
  let attempts = 0;

  function current(): NonNullable<typeof newest> {
    if (!newest) throw new Error('Nobody has connected yet');
    return newest;
  }

  async function open(): Promise<InMemoryTransport> {
    attempts++;
    if (refusal) throw refusal;
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const { server } = new McpServer(
      { name: 'memory-server', version: '1.0.0' },
      { capabilities: capabilities ?? { tools: {}, logging: {} }, instructions: 'Be quick.' },
    );
    prepare?.(server);
    serverSide.onmessage = (message) => void received.push(message);
    await server.connect(serverSide);
    newest = { server, clientSide };
    return clientSide;
  }

  return {
    connector: (options) => new TransportConnector(open, options),
    get attempts() {
      return attempts;
    },
    get server() {
      return current().server;
    },
    received,
    methods: () => received.map((message) => ('method' in message ? message.method : 'response')),
    // Any value, because specs check that the client can handle it.
    write: (value) => current().clientSide.onmessage?.(value as JSONRPCMessage),
    drop: () => current().server.close(),
    refuse: (error) => void (refusal = error),
  };
}
