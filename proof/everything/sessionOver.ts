import { type Connector, MCPSession } from 'rx-mcp';

/** What `server-everything` is told of the client, so that it sends all that it can. */
const capabilities = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  tasks: { requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } },
};

/** A session with `server-everything`, not connected yet. */
export function sessionOver(connector: Connector): MCPSession {
  return new MCPSession(connector, { capabilities, timeout: 10_000 });
}
