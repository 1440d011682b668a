import type { ConnectorOptions, Connector } from '../../connection/connector';
import type { MCPClientConfig } from '../clientConfig';
import type { StdioServer } from '../../stdio/stdioServer';

/** Whether there are processes here. */
export function hasProcesses(): boolean {
  return true;
}

/** A connector to a program. What starts it is loaded when it is first needed, so that nobody else pays for it. */
export async function createStdioConnector(server: StdioServer, options: ConnectorOptions): Promise<Connector> {
  const { StdioConnector } = await import('../../stdio/stdioConnector');
  return new StdioConnector(server, options);
}

/** Reads a configuration file. The reader is loaded when first called, so that importing `MCPClient` does not load it. */
export async function readConfig(path: string): Promise<MCPClientConfig> {
  const reader = await import('../readConfig');
  return reader.readConfig(path);
}
