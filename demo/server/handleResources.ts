import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { ExampleSession } from './exampleSession';
import { pageOf } from './pageOf';

/** The protocol's code for a resource that does not exist. */
const resourceNotFound = -32002;
const noteTemplate = 'memo://note/{id}';

/** Adds the session's resources, including a template, and their handlers. */
export function handleResources({ server, resources, revisions, subscriptions }: ExampleSession, many: number): void {
  const names = ['readme', 'counter', 'today', ...Array.from({ length: many }, (_, index) => `many-${index + 1}`)];
  for (const name of names) {
    resources.set(`memo://${name}`, { uri: `memo://${name}`, name, mimeType: 'text/plain' });
  }

  server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => {
    const { page, nextCursor } = pageOf(resources, params?.cursor);
    return { resources: page, nextCursor };
  });
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: noteTemplate, name: 'note', mimeType: 'text/plain' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const known = resources.has(uri) || /^memo:\/\/note\/[^/]+$/.test(uri);
    if (!known) throw new McpError(resourceNotFound, 'Resource not found', { uri });
    return { contents: [{ uri, mimeType: 'text/plain', text: `${uri}, touched ${revisions.get(uri) ?? 0} times` }] };
  });
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    subscriptions.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    subscriptions.delete(uri);
    return {};
  });
}
