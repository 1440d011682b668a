import type { Connector } from 'rx-mcp';

/** One way to reach a server: every promise of the API is kept in each of them, or the protocol says why not. */
export interface Cell {
  server: 'SDK 1.x' | 'SDK 2.x' | 'rx-mcp';
  transport: 'HTTP' | 'stdio' | 'in memory';
  engine: 'legacy' | 'modern';
  /** The era that the two agree on. */
  era: 'legacy' | 'modern';
  /** Starts the server; the connector reaches it until it is stopped. */
  start(): Promise<{ connector: Connector; stop(): Promise<void> }>;
}
