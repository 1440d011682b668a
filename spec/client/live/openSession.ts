import { HttpConnector, type HttpConnectorOptions, MCPSession, type SessionOptions } from 'rx-mcp';

/** A session with a server over HTTP, not yet connected, that does not wait long to reconnect. */
export function openSession(url: string, options?: SessionOptions, more?: HttpConnectorOptions): MCPSession {
  return new MCPSession(
    new HttpConnector(url, { reconnect: { initialDelay: 10, maxDelay: 50, jitter: 'none' }, ...more }),
    options,
  );
}
