import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { JSONRPCMessage, ServerCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { type ConnectorOptions, TransportConnector } from 'rx-mcp';

type Server = McpServer['server'];

/** What a server in memory is made of. */
export interface MemoryServerOptions {
  capabilities?: ServerCapabilities;
  /** Called with each new server, to set its handlers. */
  prepare?: (server: Server) => void;
}

/** Servers of the SDK in this process, one for each connection: what is promised of them needs no waiting. */
export interface MemoryServer {
  connector(options?: ConnectorOptions): TransportConnector;
  /** How many connections have been asked for. */
  readonly attempts: number;
  /** The server of the newest connection. */
  readonly server: Server;
  /** What clients have sent, on all connections. */
  readonly received: JSONRPCMessage[];
  /** The methods of that. */
  methods(): string[];
  /** Sends something to the newest client as it is, be it a message or not. */
  write(value: unknown): void;
  /** Ends the newest connection from the server's side. */
  drop(): Promise<void>;
  /** Makes further attempts fail, until it is taken back with `undefined`. */
  refuse(error: Error | undefined): void;
}

/** See {@link MemoryServer}. */
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
    // Whatever it is: that the other side can take it is what is to be shown.
    write: (value) => current().clientSide.onmessage?.(value as JSONRPCMessage),
    drop: () => current().server.close(),
    refuse: (error) => void (refusal = error),
  };
}
