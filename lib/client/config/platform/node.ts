import type { ConnectorOptions, Connector } from '../../connection/connector';
import type { MCPClientConfig } from '../clientConfig';
import type { StdioServer } from '../../stdio/stdioServer';

/** Whether this platform can start processes. */
export function hasProcesses(): boolean {
  return true;
}

/**
 * Creates a connector to a stdio server. Loads the stdio entry for the first connection, so that programs without stdio servers
 * do not load it.
 */
export async function createStdioConnector(server: StdioServer, options: ConnectorOptions): Promise<Connector> {
  const { StdioConnector } = await import('../../stdio/stdioConnector');
  return new StdioConnector(server, options);
}

/** Reads a configuration file. Loads the reader on the first call, so that importing `MCPClient` does not load it. */
export async function readConfig(path: string): Promise<MCPClientConfig> {
  const reader = await import('../readConfig');
  return reader.readConfig(path);
}
