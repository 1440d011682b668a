import type { ConnectorOptions, Connector } from '../../connection/connector';
import { ConfigError } from '../../../errors';
import type { MCPClientConfig } from '../clientConfig';
import type { StdioServer } from '../../stdio/stdioServer';

/** Whether the platform can start processes. */
export function hasProcesses(): boolean {
  return false;
}

export function createStdioConnector(_server: StdioServer, _options: ConnectorOptions): Promise<Connector> {
  return Promise.reject(new ConfigError('connecting: stdio servers require Node'));
}

export function readConfig(_path: string): Promise<MCPClientConfig> {
  return Promise.reject(new ConfigError('reading the configuration file: requires Node'));
}
