import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { LegacySession } from './createLegacyServer';

/** The protocol's code for a resource that does not exist. */
const resourceNotFound = -32002;
const noteTemplate = 'memo://note/{id}';
const languages = ['danish', 'dutch', 'english', 'french', 'german'];
const pageSize = 50;

/** Adds the prompts and resources of a session, and the handlers of all lists. */
export function handleLists(session: LegacySession, many: number): void {
  handleTools(session);
  handlePrompts(session, many);
  handleResources(session, many);
}

function handleTools({ server, tools }: LegacySession): void {
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const { page, nextCursor } = pageOf(tools, params?.cursor);
    return { tools: page.map(({ definition }) => definition), nextCursor };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, request) => {
    const tool = tools.get(params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    return tool.call(params.arguments, request);
  });
}

/** The `language` of the prompt `greet` can be completed. */
function handlePrompts({ server, prompts }: LegacySession, many: number): void {
  prompts.set('greet', {
    name: 'greet',
    description: 'Greets a person in a language',
    arguments: [{ name: 'name', required: true }, { name: 'language' }],
  });
  prompts.set('summarize', { name: 'summarize', description: 'Summarizes a conversation' });
  for (let n = 1; n <= many; n++) prompts.set(`many_${n}`, { name: `many_${n}`, description: 'One of many' });

  server.setRequestHandler(ListPromptsRequestSchema, ({ params }) => {
    const { page, nextCursor } = pageOf(prompts, params?.cursor);
    return { prompts: page, nextCursor };
  });
  server.setRequestHandler(GetPromptRequestSchema, ({ params: { name, arguments: args = {} } }) => {
    if (!prompts.has(name)) throw new McpError(ErrorCode.InvalidParams, `Unknown prompt: ${name}`);
    const text = name === 'greet' ? `Greet ${args.name} in ${args.language ?? 'english'}` : `Please ${name}`;
    return { messages: [{ role: 'user', content: { type: 'text', text } }] };
  });
  server.setRequestHandler(CompleteRequestSchema, ({ params: { ref, argument } }) => {
    const completable = ref.type === 'ref/prompt' && ref.name === 'greet' && argument.name === 'language';
    const values = completable ? languages.filter((language) => language.startsWith(argument.value)) : [];
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

function handleResources({ server, resources, revisions, subscriptions }: LegacySession, many: number): void {
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

/** Returns one page of a list, and the cursor of the next page if there is one: the name of the page's last item. */
function pageOf<Item>(items: ReadonlyMap<string, Item>, cursor?: string): { page: Item[]; nextCursor?: string } {
  const keys = [...items.keys()];
  const start = cursor === undefined ? 0 : keys.indexOf(Buffer.from(cursor, 'base64url').toString()) + 1;
  if (cursor !== undefined && start === 0) throw new McpError(ErrorCode.InvalidParams, `Unknown cursor: ${cursor}`);
  const page = [...items.values()].slice(start, start + pageSize);
  const last = keys[start + pageSize - 1];
  if (last === undefined || start + pageSize >= keys.length) return { page };
  return { page, nextCursor: Buffer.from(last).toString('base64url') };
}
