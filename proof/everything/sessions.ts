import { type Connector, HttpConnector, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programOf } from '../servers/officialServer';

/** Client capabilities for which `server-everything` sends every kind of message. */
const capabilities = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

/** Creates a session with `server-everything`, not connected. */
export function sessionOver(connector: Connector): MCPSession {
  return new MCPSession(connector, { capabilities, timeout: 10_000 });
}

/** Creates a connector to the `server-everything` at a URL; without a URL, to a new process per connection. */
export function connectorTo(url: string | undefined): Connector {
  return url === undefined
    ? new StdioConnector({ command: process.execPath, args: [programOf('everything'), 'stdio'], stderr: 'ignore' })
    : new HttpConnector(url);
}
