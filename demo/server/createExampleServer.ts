import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { ExampleServerOptions } from './exampleServerOptions';
import type { ExampleSession } from './exampleSession';
import { handlePrompts } from './handlePrompts';
import { handleResources } from './handleResources';
import { handleTools } from './handleTools';
import type { ProtocolServer } from './protocolServer';
import { readRootsOnChange } from './readRootsOnChange';
import { startHeartbeat } from './startHeartbeat';

/** Creates the server of one session, without a transport. */
export function createExampleServer({ heartbeat, many }: ExampleServerOptions): ProtocolServer {
  const { server } = new McpServer(
    { name: 'rx-mcp-example', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
      },
      instructions: 'A server to watch notifications with. Try long_task, burst and the toggles.',
    },
  );
  const session: ExampleSession = {
    server,
    tools: new Map(),
    prompts: new Map(),
    resources: new Map(),
    revisions: new Map(),
    subscriptions: new Set(),
  };
  handleTools(session, many);
  handleResources(session, many);
  handlePrompts(session, many);
  readRootsOnChange(server);
  startHeartbeat(server, heartbeat);
  return server;
}
