import type { Connector } from 'rx-mcp';

/** A way to connect to a server. Every promise of the API is kept in each cell, unless the protocol prevents it. */
export interface Cell {
  server: 'SDK 1.x' | 'SDK 2.x' | 'rx-mcp';
  transport: 'HTTP' | 'stdio' | 'in memory';
  engine: 'legacy' | 'modern';
  /** The negotiated era. */
  era: 'legacy' | 'modern';
  /** Starts the server. The connector works until the server is stopped. */
  start(): Promise<{ connector: Connector; stop(): Promise<void> }>;
}
