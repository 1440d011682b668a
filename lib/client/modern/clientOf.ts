import type { Client } from '@modelcontextprotocol/client';
import type { Connection } from '../connection/connection';

/** The SDK client of each connection of the modern era. */
export const clients = new WeakMap<Connection, Client>();

/**
 * Returns the `Client` of `@modelcontextprotocol/client` that a connection of the modern era uses. Returns `undefined` for a
 * legacy connection. Each connection has its own client. Use `session.transport()` for a client that outlives connections.
 *
 * The client caches responses. List changes invalidate the cache, but resource updates do not: pass `cacheMode: 'bypass'`, or
 * read through the session, which always sends a request.
 *
 * @example
 * session.connections$.subscribe((connection) => console.log(clientOf(connection)?.getServerVersion()));
 */
export function clientOf(connection: Connection): Client | undefined {
  return clients.get(connection);
}
