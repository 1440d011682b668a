import type { Client } from '@modelcontextprotocol/client';
import type { Connection } from '../connection/connection';

/** The SDK's client behind each connection of the modern era. */
export const clients = new WeakMap<Connection, Client>();

/**
 * The client of `@modelcontextprotocol/client` behind a connection of the modern era, for what is not covered here; with
 * the legacy era there is none of that kind, and `connection.client` is the one there is. Each connection has another.
 *
 * It keeps what servers let it keep. Of lists that change it hears, of resources that are updated it does not: read those
 * with its `cacheMode: 'bypass'`, or through the session, which asks the server each time.
 *
 * @example
 * session.connections$.subscribe((connection) => console.log(clientOf(connection)?.getServerVersion()));
 */
export function clientOf(connection: Connection): Client | undefined {
  return clients.get(connection);
}
