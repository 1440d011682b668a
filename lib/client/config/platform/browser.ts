import type { ConnectorOptions, Connector } from '../../connection/connector';
import { ConfigError } from '../../../errors';
import type { StdioServer } from '../../stdio/childTransport';

/** Whether there are processes here. */
export function hasProcesses(): boolean {
  return false;
}

export function createStdioConnector(_server: StdioServer, _options: ConnectorOptions): Promise<Connector> {
  return Promise.reject(new ConfigError('there are no processes here: a command needs Node'));
}

export function readTextFile(_path: string): Promise<string> {
  return Promise.reject(new ConfigError('there are no files here: a configuration file needs Node'));
}
