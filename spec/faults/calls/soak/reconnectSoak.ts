// Reconnects a thousand times over the given transport: `memory`, `http` (with a URL) or `stdio`.
import { type Connector, HttpConnector, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { filter, firstValueFrom } from 'rxjs';
import { createMemoryServer } from '../../../rig/createMemoryServer';
import { soak } from './soak';

interface Wire {
  connector: Connector;
  /** Ends the connection on the server. */
  drop(session: MCPSession): Promise<unknown>;
}

const reconnect = { initialDelay: 0 };

/** A server that only supports the handshake, and exits on any later message. */
const shellServer = `
  read -r initialize
  id=\${initialize#*'"id":'}
  echo '{"jsonrpc":"2.0","id":'\${id%%,*}',"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"sh","version":"1"}}}'
  read initialized
  read anything
`;

const wires: Record<string, (url: string) => Wire> = {
  memory: () => {
    const memory = createMemoryServer();
    return {
      connector: memory.connector({ reconnect }),
      drop: () => {
        // The sent messages are not needed.
        memory.received.length = 0;
        return memory.drop();
      },
    };
  },
  http: (url) => {
    let sessionId = '';
    const keepSessionId: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      sessionId = response.headers.get('mcp-session-id') ?? sessionId;
      return response;
    };
    return {
      connector: new HttpConnector(url, { reconnect, fetch: keepSessionId }),
      drop: async () => {
        await (await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': sessionId } })).text();
      },
    };
  },
  stdio: () => ({
    connector: new StdioConnector({ command: 'sh', args: ['-c', shellServer] }, { reconnect }),
    drop: (session) => session.notify('custom/leave'),
  }),
};

const [, , transport = '', url = ''] = process.argv;
const { connector, drop } = wires[transport]!(url);
const session = new MCPSession(connector);
let connections = 0;
session.connections$.subscribe(() => connections++);
const reconnecting$ = session.status$.pipe(filter(({ state }) => state === 'reconnecting'));
const connected$ = session.status$.pipe(filter((status) => status.state === 'connected' && status.listening));
await session.connect();

await soak(transport, 1_000, async () => {
  await firstValueFrom(connected$);
  const reconnecting = firstValueFrom(reconnecting$);
  await drop(session);
  await reconnecting;
  await firstValueFrom(connected$);
});

if (connections !== 1_501) throw new Error(`${connections} connections`);
await session.disconnect();
