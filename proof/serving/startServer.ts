import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MCPServer, toNodeHandler } from 'rx-mcp/server';

/** A server on 127.0.0.1. */
export interface StartedServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server of this library over `node:http`, on a free port. */
export async function startServer(server: MCPServer): Promise<StartedServer> {
  return listen(toNodeHandler(server), () => server.close());
}

/** Listens on a free port. `close` runs before the sockets are closed. */
async function listen(listener: RequestListener, close: () => Promise<unknown>): Promise<StartedServer> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      await close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
