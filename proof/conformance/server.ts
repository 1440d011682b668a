import { forkJoin, map, of, switchMap } from 'rxjs';
import { MCPServer, prompt, resource, tool, type ToolDefinition } from 'rx-mcp/server';
import { z } from 'zod';
import { extraPrompts$, extraTools$, image, png, text, tools } from './serverTools';

// The server that the scenarios of the conformance suite call: its names, texts and schemas are the suite's.
/** A form with one field. */
const form = (field: string, type = 'string') => ({
  type: 'object',
  properties: { [field]: { type } },
  required: [field],
});

const question = (value: string, maxTokens: number) => ({
  messages: [{ role: 'user' as const, content: { type: 'text' as const, text: value } }],
  maxTokens,
});

const capital = question('What is the capital of France?', 100);

/** The tools that the conformance suite calls for `input_required`. */
const inputTools: ToolDefinition[] = [
  tool('test_input_required_result_elicitation', { description: 'Asks for a name' }, (_, { elicit$ }) =>
    elicit$('user_name', { message: 'What is your name?', schema: form('name') }).pipe(
      map(({ content }) => `Hello, ${String(content?.['name'])}!`),
    ),
  ),
  tool('test_input_required_result_sampling', { description: 'Asks the model' }, (_, { sample$ }) =>
    sample$('capital_question', capital).pipe(map(({ content }) => JSON.stringify(content))),
  ),
  tool('test_input_required_result_list_roots', { description: 'Asks for roots' }, (_, { roots$ }) =>
    roots$.pipe(map((roots) => JSON.stringify(roots))),
  ),
  tool('test_input_required_result_request_state', { description: 'Carries state' }, (_, { elicit$ }) =>
    elicit$('confirm', { message: 'Please confirm', schema: form('ok', 'boolean') }).pipe(map(() => 'state-ok')),
  ),
  tool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks three things at once' },
    (_, { elicit$, sample$, roots$ }) =>
      forkJoin({
        user: elicit$('user_name', { message: 'What is your name?', schema: form('name') }),
        greeting: sample$('greeting', question('Generate a greeting', 50)),
        roots: roots$,
      }).pipe(map((answers) => JSON.stringify(answers))),
  ),
  tool('test_input_required_result_multi_round', { description: 'Asks twice' }, (_, { elicit$ }) =>
    elicit$('step1', { message: 'Step 1: What is your name?', schema: form('name') }).pipe(
      switchMap((name) =>
        elicit$('step2', { message: 'Step 2: What is your favorite color?', schema: form('color') }).pipe(
          map((color) => JSON.stringify({ ...name.content, ...color.content })),
        ),
      ),
    ),
  ),
  tool('test_input_required_result_tampered_state', { description: 'Signs its state' }, (_, { elicit$ }) =>
    elicit$('confirm', { message: 'Please confirm', schema: form('ok', 'boolean') }).pipe(map(() => 'confirmed')),
  ),
  tool('test_input_required_result_capabilities', { description: 'Asks what the client supports' }, (_, ctx) =>
    'sampling' in ctx.caller.capabilities
      ? ctx.sample$('capital_question', capital).pipe(map(() => 'asked the model'))
      : ctx.elicit$('user_name', { message: 'What is your name?', schema: form('name') }).pipe(map(() => 'asked')),
  ),
];

/** The prompt that the conformance suite calls for `input_required`. */
const inputPrompt = prompt(
  'test_input_required_result_prompt',
  { description: 'Asks for its context' },
  (_, { elicit$ }) =>
    elicit$('user_context', { message: 'What context should the prompt use?', schema: form('context') }).pipe(
      map(({ content }) => `Use the context: ${String(content?.['context'])}`),
    ),
);

const prompts = [
  prompt('test_simple_prompt', { description: 'Simple' }, () => 'This is a simple prompt for testing.'),
  prompt(
    'test_prompt_with_arguments',
    { description: 'With arguments', args: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  ),
  prompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource', args: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
        },
        { role: 'user', content: text('Please process the embedded resource above.') },
      ],
    }),
  ),
  prompt('test_prompt_with_image', { description: 'With an image' }, () => ({
    messages: [
      { role: 'user', content: image },
      { role: 'user', content: text('Please analyze the image above.') },
    ],
  })),
  inputPrompt,
];

const resources = [
  resource(
    'test://static-text',
    { name: 'text', description: 'Text', mimeType: 'text/plain' },
    of('This is the content of the static text resource.'),
  ),
  resource(
    'test://static-binary',
    { name: 'binary', description: 'An image', mimeType: 'image/png' },
    of(Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0))),
  ),
  resource(
    'test://watched-resource',
    { name: 'watched', description: 'Watched', mimeType: 'text/plain' },
    of('watched'),
  ),
  resource(
    'test://template/{id}/data',
    { name: 'template', description: 'By id', mimeType: 'application/json' },
    ({ id }) => ({ text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }) }),
  ),
];

/** Creates the server that the conformance suite calls. */
export function createConformanceServer(): MCPServer {
  return new MCPServer(
    { name: 'rx-mcp-conformance', version: '1.0.0' },
    {
      tools: extraTools$.pipe(map((extra) => [...tools, ...inputTools, ...extra])),
      prompts: extraPrompts$.pipe(map((extra) => [...prompts, ...extra])),
      resources,
      hosts: ['127.0.0.1', 'localhost'],
      completions: ({ argument }) => ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value)),
    },
  );
}
