import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { FaultSession } from './faultSession';
import type { FaultWorld } from './faultWorld';

const resourceNotFound = -32002;

/** Answers for the listed resources, and for any that was given a text. */
export function handleResources(session: FaultSession, world: FaultWorld): void {
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
