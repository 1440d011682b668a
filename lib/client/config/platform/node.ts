import type { ConnectorOptions, Connector } from '../../connection/connector';
import type { MCPClientConfig } from '../clientConfig';
import type { StdioServer } from '../../stdio/stdioServer';

/** Whether there are processes here. */
export function hasProcesses(): boolean {
  return true;
}

/** A connector to a stdio server. Loads the stdio entry on the first connection, so that other programs do not load it. */
export async function createStdioConnector(server: StdioServer, options: ConnectorOptions): Promise<Connector> {
  const { StdioConnector } = await import('../../stdio/stdioConnector');
  return new StdioConnector(server, options);
}

/** Reads a configuration file. The reader is loaded when first called, so that importing `MCPClient` does not load it. */
export async function readConfig(path: string): Promise<MCPClientConfig> {
  const reader = await import('../readConfig');
  return reader.readConfig(path);
}
