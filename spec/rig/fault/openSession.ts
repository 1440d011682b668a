import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { InitializeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createEventStore } from './createEventStore';
import type { FaultSession } from './faultSession';
import type { FaultWorld } from './faultWorld';
import { forgetSession } from './forgetSession';
import { handlePrompts } from './handlePrompts';
import { handleResources } from './handleResources';
import { handleTools } from './handleTools';

const serverInfo = { name: 'fault-server', version: '1.0.0' };
const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  logging: {},
};

/** A server of the SDK with its transport; it counts as a session once the client has initialized. */
export async function openSession(world: FaultWorld): Promise<FaultSession> {
  const { options, sessions, emit } = world;
  const { server } = new McpServer(serverInfo, { capabilities });
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      session.id = id;
      sessions.set(id, session);
      emit({ type: 'session-open', sessionId: id });
    },
    enableJsonResponse: options.jsonResponse,
    eventStore: createEventStore(options.eventStore),
    retryInterval: options.retryHint,
    keepAliveMs: options.keepAlive,
  });
  const session: FaultSession = { id: '', isInitialized: false, server, transport, subscriptions: new Set() };
  handleTools(session, world);
  handlePrompts(session, world);
  handleResources(session, world);
  const { protocolVersion } = options;
  if (protocolVersion !== undefined) {
    server.setRequestHandler(InitializeRequestSchema, () => ({ protocolVersion, capabilities, serverInfo }));
  }
  server.oninitialized = () => {
    session.isInitialized = true;
    for (let n = 1; n <= (options.greetings ?? 0); n++)
      void server.notification({ method: 'custom/tick', params: { n } });
  };
  server.onclose = () => forgetSession(session, world);
  await server.connect(transport);
  return session;
}
