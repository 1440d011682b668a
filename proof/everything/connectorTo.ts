import { type Connector, HttpConnector } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programOf } from '../servers/programOf';

/** The way to a `server-everything`: the one at a URL, or without one a process for each connection. */
export function connectorTo(url: string | undefined): Connector {
  return url === undefined
    ? new StdioConnector({ command: process.execPath, args: [programOf('everything'), 'stdio'], stderr: 'ignore' })
    : new HttpConnector(url);
}
