import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolResult,
  ErrorCode,
  ListRootsResultSchema,
  LoggingLevelSchema,
  McpError,
  type ServerNotification,
  type ServerRequest,
  type Tool,
  ToolSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { LegacySession } from './createLegacyServer';

/** A tool of a session, with its listing and its function. */
export interface LegacyTool {
  readonly definition: Tool;
  readonly call: (args: unknown, request: Extra) => CallToolResult | Promise<CallToolResult>;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Creates the tools of a session. */
export const legacyTools = (session: LegacySession, many: number): LegacyTool[] => [
  ...plainTools(),
  longTask(),
  ...toggleTools(session),
  ...notifyTools(session),
  readRoots(),
  ...Array.from({ length: many }, (_, index) =>
    defineTool(`many_${index + 1}`, 'One of many', z.object({}), () => textResult(`Number ${index + 1}`)),
  ),
];

/** Tools that respond immediately: with text, with structured content, with an error, or by exiting. */
const plainTools = (): LegacyTool[] => [
  defineTool('echo', 'Returns the text', z.object({ text: z.string() }), ({ text }) => textResult(text)),
  defineTool(
    'add',
    'Adds two numbers',
    z.object({ a: z.number(), b: z.number() }),
    ({ a, b }) => ({ ...textResult(String(a + b)), structuredContent: { sum: a + b } }),
    z.object({ sum: z.number() }),
  ),
  defineTool('fail', 'Responds with an error result', z.object({}), () => ({
    ...textResult('This tool always fails'),
    isError: true,
  })),
  defineTool('crash', 'Ends the server process without a response', z.object({}), () => process.exit(1)),
];

const longTaskInput = z.object({
  steps: z.int().positive().default(5),
  delayMs: z.int().nonnegative().default(50),
  name: z.string().default('task'),
});

/** Works in steps, and reports each step if the caller sent a progress token. A cancellation stops the tool immediately. */
const longTask = (): LegacyTool =>
  defineTool(
    'long_task',
    'Works in steps and reports progress',
    longTaskInput,
    async ({ steps, delayMs, name }, request) => {
      const progressToken = request._meta?.progressToken;
      for (let step = 1; step <= steps; step++) {
        await setTimeout(delayMs, undefined, { signal: request.signal });
        if (progressToken === undefined) continue;
        await request.sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress: step, total: steps, message: `${name}: step ${step} of ${steps}` },
        });
      }
      return textResult(`${name}: done in ${steps} steps`);
    },
  );

/** Tools that add an item to one of the lists, or remove it again, and announce the change. */
function toggleTools({ server, tools, prompts, resources }: LegacySession): LegacyTool[] {
  const input = z.object({ name: z.string().min(1) });
  return [
    defineTool('toggle_tool', 'Adds or removes a tool of that name', input, async ({ name }) => {
      const added = toggle(tools, name, () =>
        defineTool(name, 'Added at run time', z.object({}), () => textResult(`This is ${name}`)),
      );
      await server.sendToolListChanged();
      return toggled(name, added);
    }),
    defineTool('toggle_prompt', 'Adds or removes a prompt of that name', input, async ({ name }) => {
      const added = toggle(prompts, name, () => ({ name, description: 'Added at run time' }));
      await server.sendPromptListChanged();
      return toggled(name, added);
    }),
    defineTool('toggle_resource', 'Adds or removes the resource memo://added/NAME', input, async ({ name }) => {
      const uri = `memo://added/${encodeURIComponent(name)}`;
      const added = toggle(resources, uri, () => ({ uri, name, mimeType: 'text/plain' }));
      await server.sendResourceListChanged();
      return toggled(uri, added);
    }),
  ];
}

const emitInput = z.object({
  method: z.string().min(1),
  params: z.record(z.string(), z.unknown()).optional(),
  times: z.int().positive().default(1),
});
const logInput = z.object({ level: z.enum(LoggingLevelSchema.options), message: z.string() });

/** Tools that send notifications outside of a request. Over HTTP these are sent on the listening stream. */
function notifyTools({ server, subscriptions, revisions }: LegacySession): LegacyTool[] {
  return [
    defineTool('log', 'Sends a log message', logInput, async ({ level, message }, { sessionId }) => {
      await server.sendLoggingMessage({ level, logger: 'example', data: message }, sessionId);
      return textResult(`Logged at ${level}`);
    }),
    defineTool('emit', 'Sends a notification of any method', emitInput, async ({ method, params, times }) => {
      for (let n = 0; n < times; n++) await server.notification({ method, params });
      return textResult(`Sent ${method} ${times} times`);
    }),
    defineTool('burst', 'Sends numbered ticks', z.object({ count: z.int().positive() }), async ({ count }) => {
      for (let n = 1; n <= count; n++) await server.notification({ method: 'custom/tick', params: { n } });
      return textResult(`Sent ${count} ticks`);
    }),
    defineTool('touch_resource', 'Changes a resource', z.object({ uri: z.string() }), async ({ uri }) => {
      revisions.set(uri, (revisions.get(uri) ?? 0) + 1);
      if (!subscriptions.has(uri)) return textResult(`Touched ${uri}; no subscribers`);
      await server.sendResourceUpdated({ uri });
      return textResult(`Touched ${uri}`);
    }),
  ];
}

/** A tool that requests the client's roots, on the stream of the call. */
const readRoots = (): LegacyTool =>
  defineTool(
    'read_roots',
    'Asks the client for its roots and returns them',
    z.object({}),
    async (_, request) => {
      const { roots } = await request.sendRequest({ method: 'roots/list' }, ListRootsResultSchema);
      return { ...textResult(JSON.stringify(roots)), structuredContent: { roots } };
    },
    z.object({ roots: z.array(z.looseObject({ uri: z.string(), name: z.string().optional() })) }),
  );

/** Defines a tool whose arguments are listed, validated and typed with one schema. */
function defineTool<Input extends z.ZodObject>(
  name: string,
  description: string,
  input: Input,
  run: (args: z.output<Input>, request: Extra) => CallToolResult | Promise<CallToolResult>,
  output?: z.ZodObject,
): LegacyTool {
  const inputSchema = z.toJSONSchema(input, { io: 'input' });
  const outputSchema = output && z.toJSONSchema(output);
  return {
    definition: ToolSchema.parse({ name, description, inputSchema, outputSchema }),
    call: (args, request) => {
      const parsed = input.safeParse(args ?? {});
      if (!parsed.success) throw new McpError(ErrorCode.InvalidParams, z.prettifyError(parsed.error));
      return run(parsed.data, request);
    },
  };
}

/** Creates a tool result with one text. */
const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

/** Adds or removes an item. Returns whether the item exists afterwards. */
function toggle<Item>(items: Map<string, Item>, key: string, make: () => Item): boolean {
  if (items.delete(key)) return false;
  items.set(key, make());
  return true;
}

const toggled = (name: string, added: boolean) => textResult(`${added ? 'Added' : 'Removed'} ${name}`);
