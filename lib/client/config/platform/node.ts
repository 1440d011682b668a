import type { ConnectorOptions, Connector } from '../../connection/connector';
import type { StdioServer } from '../../stdio/childTransport';

/** Whether there are processes here. */
export function hasProcesses(): boolean {
  return true;
}

/** A connector to a program. What starts it is loaded when it is first needed, so that nobody else pays for it. */
export async function createStdioConnector(server: StdioServer, options: ConnectorOptions): Promise<Connector> {
  const { StdioConnector } = await import('../../stdio/stdioConnector');
  return new StdioConnector(server, options);
}

/** The text of a file. */
export async function readTextFile(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8');
}
