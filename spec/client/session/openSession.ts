import { type ConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import { type Watched, watchSession } from '../../faults/http/watchSession';
import { createMemoryServer, type MemoryServer, type MemoryServerOptions } from './createMemoryServer';

/** A session with a server in memory, watched from before it connects. */
export interface MemorySession extends Watched {
  memory: MemoryServer;
}

/** What such a session is made of. */
export interface MemorySetting extends MemoryServerOptions {
  options?: ConnectorOptions;
  session?: SessionOptions;
}

/** A session with a server in memory, not yet connected. It has nothing that would have to be ended. */
export function openSession({ options, session, ...server }: MemorySetting = {}): MemorySession {
  const memory = createMemoryServer(server);
  return { memory, ...watchSession(new MCPSession(memory.connector(options), session)) };
}
