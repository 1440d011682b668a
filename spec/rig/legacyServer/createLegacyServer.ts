import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { type Prompt, type Resource, RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { handleLists } from './handleLists';
import { type LegacyTool, legacyTools } from './tools';

/** The low-level server of the SDK, whose lists can have pages and whose notifications can have any method. */
export type SdkServer = McpServer['server'];

/** Options for {@link createLegacyServer}. */
export interface LegacyServerOptions {
  /** The interval between heartbeats of a session, in milliseconds. Default 0, for none. */
  heartbeat?: number;
  /** The number of additional tools, resources and prompts, which make lists span several pages. Default 0. */
  many?: number;
}

/** The state of one client's session. Sessions share no state, so that clients do not affect each other. */
export interface LegacySession {
  readonly server: SdkServer;
  readonly tools: Map<string, LegacyTool>;
  readonly prompts: Map<string, Prompt>;
  /** The resources by URI. */
  readonly resources: Map<string, Resource>;
  /** The number of changes of each resource, which its text contains. */
  readonly revisions: Map<string, number>;
  /** The URIs that the client has subscribed to. */
  readonly subscriptions: Set<string>;
}

/** Creates the server of one session on the SDK 1.x, without a transport. */
export function createLegacyServer({ heartbeat = 0, many = 0 }: LegacyServerOptions = {}): SdkServer {
  const { server } = new McpServer(
    { name: 'rx-mcp-rig-legacy', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
      },
      instructions: 'A server that sends every kind of notification. Try long_task, burst and the toggle tools.',
    },
  );
  const session: LegacySession = {
    server,
    tools: new Map(),
    prompts: new Map(),
    resources: new Map(),
    revisions: new Map(),
    subscriptions: new Set(),
  };
  for (const tool of legacyTools(session, many)) session.tools.set(tool.definition.name, tool);
  handleLists(session, many);
  readRootsOnChange(server);
  startHeartbeat(server, heartbeat);
  return server;
}

/** Requests the roots whenever the client announces a change, and sends them back as `custom/roots-read`. */
function readRootsOnChange(server: SdkServer): void {
  server.setNotificationHandler(RootsListChangedNotificationSchema, async () => {
    const { roots } = await server.listRoots();
    await server.notification({ method: 'custom/roots-read', params: { roots } });
  });
}

/** Sends a numbered `custom/heartbeat` every `interval` milliseconds, from `initialized` until the session closes. */
function startHeartbeat(server: SdkServer, interval: number): void {
  if (interval === 0) return;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  server.oninitialized = () => {
    timer = setInterval(() => {
      count += 1;
      server.notification({ method: 'custom/heartbeat', params: { count } }).catch(() => clearInterval(timer));
    }, interval);
  };
  server.onclose = () => clearInterval(timer);
}
