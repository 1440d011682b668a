import { type Connector, HttpConnector, type HttpConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';
import { quick } from './quick';
import { type Watched, watchSession } from './watchSession';

/** Creates a watched session that is not connected. Over HTTP, it reconnects quickly by default. */
export function openSession(to: string | Connector, session?: SessionOptions, http?: HttpConnectorOptions): Watched {
  const connector = typeof to === 'string' ? new HttpConnector(to, { reconnect: quick, ...http }) : to;
  return watchSession(new MCPSession(connector, session));
}
