import type { ConnectorOptions, SessionOptions } from 'rx-mcp';
import { createMemoryServer, type MemoryServer, type MemoryServerOptions } from './createMemoryServer';
import { openSession } from './openSession';
import type { Watched } from './watchSession';

/** A session with a server in memory. */
interface MemorySession extends Watched {
  memory: MemoryServer;
}

/** Options for {@link openMemorySession}. */
interface MemorySetting extends MemoryServerOptions {
  options?: ConnectorOptions;
  session?: SessionOptions;
}

/** Creates a session with a server in memory, not yet connected. Nothing of it has to be closed. */
export function openMemorySession({ options, session, ...server }: MemorySetting = {}): MemorySession {
  const memory = createMemoryServer(server);
  return { memory, ...openSession(memory.connector(options), session) };
}
