import { createServer } from 'node:http';
import { type MCPServer, toNodeHandler } from 'rx-mcp/server';
import { listen } from '../../spec/rig/listen';

/** Starts a server of this library over `node:http`, on a free port of 127.0.0.1. */
export async function startServer(server: MCPServer): Promise<{ url: string; stop(): Promise<void> }> {
  const { url, close } = await listen(createServer(toNodeHandler(server)));
  return {
    url,
    async stop() {
      await server.close();
      await close();
    },
  };
}
