import { type RunningExampleServer, startExampleServer } from './startExampleServer';

/** Starts the server on the SDK 1.x in its own process. With a port, it replaces an earlier one. */
export function startLegacyServer(options?: { port?: number; args?: string[] }): Promise<RunningExampleServer> {
  return startExampleServer({ program: 'spec/rig/legacyServer/main.ts', ...options });
}
