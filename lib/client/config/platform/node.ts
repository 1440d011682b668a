import type { ConnectorOptions, Connector } from '../../connection/connector';
import type { MCPClientConfig } from '../clientConfig';
import type { StdioServer } from '../../stdio/stdioServer';

/** Whether the platform can start processes. */
export function hasProcesses(): boolean {
  return true;
}

/**
 * Creates a connector to a stdio server. The stdio code is loaded on demand, so that programs without stdio servers do
 * not load it.
 */
export async function createStdioConnector(server: StdioServer, options: ConnectorOptions): Promise<Connector> {
  const { StdioConnector } = await import('../../stdio/stdioConnector');
  return new StdioConnector(server, options);
}

/** Reads a configuration file. The code is loaded on demand, so that importing `MCPClient` does not load it. */
export async function readConfig(path: string): Promise<MCPClientConfig> {
  const reader = await import('../readConfig');
  return reader.readConfig(path);
}
