import { BehaviorSubject, concat, delay, map, of, throwError } from 'rxjs';
import {
  log,
  progress,
  prompt,
  tool,
  type CallContext,
  type PromptDefinition,
  type ToolDefinition,
} from 'rx-mcp/server';
import { z } from 'zod';

/** An image, in base64. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
/** An image as the content of a result. */
export const image = { type: 'image', data: png, mimeType: 'image/png' } as const;

/** Creates a text as the content of a result. */
export const text = (value: string) => ({ type: 'text', text: value }) as const;
const later = <T>(value: T) => of(value).pipe(delay(50));

/** Schema features of JSON Schema 2020-12, which a listing must keep. */
const richSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

const defaultsSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
};

const titled = (prefix: string) =>
  ['First', 'Second', 'Third'].map((title, index) => ({ const: `value${index + 1}`, title: `${title} ${prefix}` }));
const plain = ['option1', 'option2', 'option3'];

const enumsSchema = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: plain },
    titledSingle: { type: 'string', oneOf: titled('Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
    titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
  },
};

/** Asks the user with a form. Emits a text with the answer. */
const ask = ({ elicit$ }: CallContext, message: string, schema: Record<string, unknown>, prefix: string) =>
  elicit$('form', { message, schema }).pipe(
    map(({ action, content = {} }) => `${prefix}action=${action}, content=${JSON.stringify(content)}`),
  );

/** Tools that a call has added. */
export const extraTools$ = new BehaviorSubject<readonly ToolDefinition[]>([]);
/** Prompts that a call has added. */
export const extraPrompts$ = new BehaviorSubject<readonly PromptDefinition[]>([]);

/** The tools that the conformance suite calls. */
export const tools: readonly ToolDefinition[] = [
  tool('test_simple_text', { description: 'Text' }, () => 'This is a simple text response for testing.'),
  tool('test_image_content', { description: 'An image' }, () => ({ content: [image] })),
  tool('test_audio_content', { description: 'Audio' }, () => ({
    content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  })),
  tool('test_embedded_resource', { description: 'A resource' }, () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  })),
  tool('test_multiple_content_types', { description: 'Several contents' }, () => ({
    content: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: JSON.stringify({ test: 'data', value: 123 }),
        },
      },
    ],
  })),
  tool('test_tool_with_logging', { description: 'Logs' }, () =>
    concat(
      of(log('info', 'Tool execution started')),
      later(log('info', 'Tool processing data')),
      later(log('info', 'Tool execution completed')),
      of('logged'),
    ),
  ),
  tool('test_tool_with_progress', { description: 'Reports progress' }, () =>
    concat(of(progress(0, 100)), later(progress(50, 100)), later(progress(100, 100)), of('done')),
  ),
  tool('test_error_handling', { description: 'Fails' }, () =>
    throwError(() => new Error('This tool intentionally returns an error for testing')),
  ),
  tool(
    'test_sampling',
    { description: "Asks the client's model", input: z.object({ prompt: z.string() }) },
    (args, { sample$ }) =>
      sample$('sample', { messages: [{ role: 'user', content: text(args.prompt) }], maxTokens: 100 }).pipe(
        map(({ content }) => `LLM response: ${JSON.stringify(content)}`),
      ),
  ),
  tool('test_elicitation', { description: 'Asks the user', input: z.object({ message: z.string() }) }, (args, ctx) =>
    ask(
      ctx,
      args.message,
      {
        type: 'object',
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      },
      'User response: ',
    ),
  ),
  tool('test_elicitation_sep1034_defaults', { description: 'Asks with defaults' }, (_, ctx) =>
    ask(ctx, 'Please check the defaults', defaultsSchema, 'Elicitation completed: '),
  ),
  tool('test_elicitation_sep1330_enums', { description: 'Asks for choices' }, (_, ctx) =>
    ask(ctx, 'Please choose', enumsSchema, 'Elicitation completed: '),
  ),
  tool(
    'json_schema_2020_12_tool',
    { description: 'Tool with JSON Schema 2020-12 features', input: richSchema },
    () => 'ok',
  ),
  tool('test_reconnection', { description: 'Takes its time' }, () => later('reconnected')),
  tool(
    'test_header_params',
    {
      description: 'Mirrors arguments in headers',
      input: {
        type: 'object',
        properties: {
          region: { type: 'string', 'x-mcp-header': 'Region' },
          priority: { type: 'integer', 'x-mcp-header': 'Priority' },
          verbose: { type: 'boolean', 'x-mcp-header': 'Verbose' },
        },
      },
    },
    (args) => JSON.stringify(args),
  ),
  tool('test_missing_capability', { description: 'Asks the model' }, (_, { sample$ }) =>
    sample$('sample', { messages: [], maxTokens: 1 }).pipe(map(() => 'sampled')),
  ),
  tool('test_streaming_elicitation', { description: 'Reports progress, then asks' }, (_, ctx) =>
    concat(of(progress(1)), ask(ctx, 'Go on?', { type: 'object', properties: { ok: { type: 'boolean' } } }, '')),
  ),
  tool('test_logging_tool', { description: 'Logs' }, () => of(log('info', 'logged'), 'done')),
  tool('test_trigger_tool_change', { description: 'Adds a tool' }, () => {
    extraTools$.next([
      ...extraTools$.value,
      tool(`added_${extraTools$.value.length}`, { description: 'Added' }, () => ''),
    ]);
    return 'added';
  }),
  tool('test_trigger_prompt_change', { description: 'Adds a prompt' }, () => {
    const name = `added_${extraPrompts$.value.length}`;
    extraPrompts$.next([...extraPrompts$.value, prompt(name, { description: 'Added' }, () => '')]);
    return 'added';
  }),
];
