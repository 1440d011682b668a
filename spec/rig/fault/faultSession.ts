import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { EventStore } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { randomUUID } from 'node:crypto';
import { faultTools } from './faultTools';
import type { FaultServerOptions, FaultSession, FaultWorld } from './world';

const serverInfo = { name: 'fault-server', version: '1.0.0' };
const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  logging: {},
};

/** Creates an SDK server with its transport. It counts as a session once the client has initialized. */
export async function createSession(world: FaultWorld): Promise<FaultSession> {
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

/** Forgets a session. Its streams stay open. */
export function forgetSession({ id: sessionId, subscriptions }: FaultSession, { sessions, emit }: FaultWorld): void {
  if (!sessions.delete(sessionId)) return;
  for (const uri of subscriptions) emit({ type: 'unsubscribed', uri, sessionId });
  emit({ type: 'session-closed', sessionId });
}

/** Handles `tools/list`, and `tools/call` for listed and built-in tools. */
function handleTools(session: FaultSession, world: FaultWorld): void {
  const { gates, lists, emit } = world;

  session.server.setRequestHandler(ListToolsRequestSchema, async ({ params }, { signal }) => {
    await gates.pass('tools/list', signal);
    const { page, nextCursor } = lists.page(lists.tools, params?.cursor);
    return { tools: page.map((name) => ({ name, inputSchema: { type: 'object' } })), nextCursor };
  });

  session.server.setRequestHandler(CallToolRequestSchema, async ({ params }, request) => {
    const { name, arguments: args = {} } = params;
    const tool = faultTools[name] ?? (lists.tools.includes(name) ? faultTools.echo : undefined);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
    const happened = (type: 'tool-started' | 'tool-finished' | 'tool-failed' | 'tool-cancelled') =>
      emit({ type, name, id: request.requestId });
    happened('tool-started');
    try {
      await gates.pass(name, request.signal);
      const result: CallToolResult = await tool(args, { request, session, world });
      happened(request.signal.aborted ? 'tool-cancelled' : 'tool-finished');
      return result;
    } catch (error) {
      happened(request.signal.aborted ? 'tool-cancelled' : 'tool-failed');
      throw error;
    }
  });
}

/** Handles requests for the listed prompts. */
function handlePrompts({ server }: FaultSession, { gates, lists }: FaultWorld): void {
  server.setRequestHandler(ListPromptsRequestSchema, async ({ params }, { signal }) => {
    await gates.pass('prompts/list', signal);
    const { page, nextCursor } = lists.page(lists.prompts, params?.cursor);
    return { prompts: page.map((name) => ({ name })), nextCursor };
  });
  server.setRequestHandler(GetPromptRequestSchema, async ({ params: { name } }, { signal }) => {
    await gates.pass('prompts/get', signal);
    if (!lists.prompts.includes(name)) throw new McpError(ErrorCode.InvalidParams, `Unknown prompt: ${name}`);
    return { messages: [{ role: 'user', content: { type: 'text', text: name } }] };
  });
}

const resourceNotFound = -32002;

/** Handles requests for the listed resources, and for any resource with a text. */
function handleResources(session: FaultSession, world: FaultWorld): void {
  const { server, subscriptions } = session;
  const { gates, lists, emit } = world;

  server.setRequestHandler(ListResourcesRequestSchema, async ({ params }, { signal }) => {
    await gates.pass('resources/list', signal);
    const { page, nextCursor } = lists.page(lists.resources, params?.cursor);
    return { resources: page.map((uri) => ({ uri, name: uri })), nextCursor };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, async (_, { signal }) => {
    await gates.pass('resources/templates/list', signal);
    return { resourceTemplates: [{ uriTemplate: 'fault://{name}', name: 'any' }] };
  });
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    await gates.pass('resources/read', signal);
    const text = lists.texts.get(uri) ?? (lists.resources.includes(uri) ? uri : undefined);
    if (text === undefined) throw new McpError(resourceNotFound, 'Resource not found', { uri });
    return { contents: [{ uri, text }] };
  });
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }, { signal }) => {
    await gates.pass('resources/subscribe', signal);
    if (!subscriptions.has(uri)) emit({ type: 'subscribed', uri, sessionId: session.id });
    subscriptions.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }, { signal }) => {
    await gates.pass('resources/unsubscribe', signal);
    if (subscriptions.delete(uri)) emit({ type: 'unsubscribed', uri, sessionId: session.id });
    return {};
  });
}

/** Creates an event store of the given kind, for one session. */
function createEventStore(kind: FaultServerOptions['eventStore']): EventStore | undefined {
  switch (kind) {
    case 'correct':
      return orderedStore(false);
    case 'inclusive':
      return orderedStore(true);
    case 'example':
      return new InMemoryEventStore();
    default:
      return undefined;
  }
}

/** Creates a store whose ids are unique, ordered, and belong to a stream. */
function orderedStore(inclusive: boolean): EventStore {
  const prefix = randomUUID().slice(0, 8);
  const events: { id: string; streamId: string; message: JSONRPCMessage }[] = [];
  const positionOf = (id: string): number => Number(id.slice(prefix.length + 1)) - 1;
  const find = (id: string) => (id.startsWith(prefix) ? events[positionOf(id)] : undefined);
  return {
    storeEvent: async (streamId, message) => {
      const id = `${prefix}-${events.length + 1}`;
      events.push({ id, streamId, message });
      return id;
    },
    getStreamIdForEventId: async (id) => find(id)?.streamId,
    replayEventsAfter: async (lastId, { send }) => {
      const streamId = find(lastId)?.streamId ?? '';
      for (const event of events.slice(positionOf(lastId) + (inclusive ? 0 : 1))) {
        // The event that opens a stream contains no message.
        if (event.streamId === streamId && 'jsonrpc' in event.message) await send(event.id, event.message);
      }
      return streamId;
    },
  };
}
