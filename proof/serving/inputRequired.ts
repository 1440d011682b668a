import { forkJoin, map, switchMap } from 'rxjs';
import { prompt, tool, type ToolDefinition } from 'rx-mcp/server';

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
export const inputTools: ToolDefinition[] = [
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
export const inputPrompt = prompt(
  'test_input_required_result_prompt',
  { description: 'Asks for its context' },
  (_, { elicit$ }) =>
    elicit$('user_context', { message: 'What context should the prompt use?', schema: form('context') }).pipe(
      map(({ content }) => `Use the context: ${String(content?.['context'])}`),
    ),
);
