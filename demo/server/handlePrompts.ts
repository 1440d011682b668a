import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { ExampleSession } from './exampleSession';
import { pageOf } from './pageOf';

const languages = ['danish', 'dutch', 'english', 'french', 'german'];

/** Adds the session's prompts and their handlers. The `language` of `greet` can be completed. */
export function handlePrompts({ server, prompts }: ExampleSession, many: number): void {
  prompts.set('greet', {
    name: 'greet',
    description: 'Greets a person in a language',
    arguments: [{ name: 'name', required: true }, { name: 'language' }],
  });
  prompts.set('summarize', { name: 'summarize', description: 'Sums up what was said' });
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
