import type { Socket } from 'node:net';
import type { MCPServer } from 'rx-mcp/server';

/** Sends 20,000 notifications of 1 kB to all sessions. Returns the maximum number of bytes that waited in one of the sockets. */
export async function floodSessions(server: MCPServer, sockets: Iterable<Socket>): Promise<number> {
  const text = 'x'.repeat(1_000);
  let maxWaiting = 0;
  for (let n = 0; n < 20_000; n++) {
    await server.notify('custom/flood', { n, text });
    for (const { writableLength } of sockets) maxWaiting = Math.max(maxWaiting, writableLength);
  }
  return maxWaiting;
}
