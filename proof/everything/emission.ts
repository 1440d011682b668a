import type { MCPSession } from 'rx-mcp';
import type { Transport } from './transport';

/** Something that `server-everything` sends, and how it is seen. The session is not connected yet. */
export interface Emission {
  readonly name: string;
  /** Connects, makes the server send it, and resolves with what was seen. */
  see(session: MCPSession, transport: Transport): Promise<string>;
}
