import { modern } from 'rx-mcp/modern';
import { type RunningExampleServer, startExampleServer } from './startExampleServer';

/** Options of a connector that uses the modern era only. */
export const modernOnly = { engine: modern({ negotiation: 'modern' }) };

/** Starts the server on the SDK 2.x in its own process. With a port, it replaces an earlier one. */
export function startModernServer(options?: { port?: number; args?: string[] }): Promise<RunningExampleServer> {
  return startExampleServer({ program: 'spec/rig/modernServer/main.ts', ...options });
}
