import {
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { FaultSession } from './faultSession';
import type { FaultWorld } from './faultWorld';

/** Answers for the listed prompts. */
export function handlePrompts({ server }: FaultSession, { gates, lists }: FaultWorld): void {
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
