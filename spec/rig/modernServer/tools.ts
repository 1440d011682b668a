import {
  type CallToolResult,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server';
import { setTimeout } from 'node:timers/promises';
import type { Change, World } from './createModernServer';

/** A tool, with its listing and its function. */
interface ModernTool {
  definition: Tool;
  call(args: Record<string, unknown>, context: ServerContext): Promise<CallToolResult | InputRequiredResult>;
}

const levels = ['debug', 'info', 'warning', 'error'] as const;

const text = (content: string): CallToolResult => ({ content: [{ type: 'text', text: content }] });

function tool(
  name: string,
  description: string,
  properties: Record<string, { type: string }>,
  call: ModernTool['call'],
): ModernTool {
  return { definition: { name, description, inputSchema: { type: 'object', properties } }, call };
}

const wholeNumber = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

/**
 * Creates the tools of the server, by name.
 *
 * @param announce - notifies subscribers of a change.
 */
export function modernTools(world: World, announce: (change: Change) => Promise<void>): Map<string, ModernTool> {
  const toggle = async (all: Set<string>, item: string, change: Change): Promise<CallToolResult> => {
    const added = !all.delete(item);
    if (added) all.add(item);
    await announce(change);
    return text(`${added ? 'Added' : 'Removed'} ${item}`);
  };
  const requestInput = (method: 'roots' | 'sampling' | 'elicitation') =>
    tool(`ask_${method}`, `Asks the client: ${method}`, {}, async (_, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'input');
      if (answer.kind !== 'missing') {
        const answered = mcpReq.inputResponses?.['input'];
        if (answer.kind === 'roots') {
          await mcpReq.notify({ method: 'custom/roots-read', params: { roots: answer.roots } });
        }
        return text(JSON.stringify(answered));
      }
      const requests = {
        roots: () => inputRequired.listRoots(),
        sampling: () =>
          inputRequired.createMessage({
            messages: [{ role: 'user', content: { type: 'text', text: 'Say something' } }],
            maxTokens: 10,
          }),
        elicitation: () =>
          inputRequired.elicit({
            message: 'Who are you?',
            requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
          }),
      }[method];
      return inputRequired({ inputRequests: { input: requests() } });
    });

  const tools = [
    tool('echo', 'Returns the text', { text: { type: 'string' } }, async ({ text: content }) => text(String(content))),
    tool('crash', 'Ends the server process without a response', {}, () => process.exit(1)),
    tool(
      'long_task',
      'Works in steps and reports progress',
      { steps: { type: 'number' }, delayMs: { type: 'number' }, name: { type: 'string' } },
      async ({ name = 'task', ...args }, { mcpReq: { _meta, notify, signal } }) => {
        const total = wholeNumber(args['steps'], 5);
        const delay = wholeNumber(args['delayMs'], 50);
        const progressToken = _meta?.progressToken;
        for (let progress = 1; progress <= total; progress++) {
          if (delay > 0) await setTimeout(delay, undefined, { signal });
          if (progressToken === undefined) continue;
          const message = `${String(name)}: step ${progress} of ${total}`;
          await notify({ method: 'notifications/progress', params: { progressToken, progress, total, message } });
        }
        return text(`${String(name)}: done in ${total} steps`);
      },
    ),
    tool(
      'heartbeat',
      'Sends a numbered heartbeat from time to time, until it is cancelled',
      { intervalMs: { type: 'number' } },
      async (args, { mcpReq: { notify, signal } }) => {
        const interval = wholeNumber(args['intervalMs'], 500);
        for (let count = 1; ; count++) {
          await setTimeout(interval, undefined, { signal });
          await notify({ method: 'custom/heartbeat', params: { count } });
        }
      },
    ),
    tool('burst', 'Sends numbered ticks', { count: { type: 'number' } }, async (args, { mcpReq: { notify } }) => {
      const count = wholeNumber(args['count'], 1);
      for (let n = 1; n <= count; n++) await notify({ method: 'custom/tick', params: { n } });
      return text(`Sent ${count} ticks`);
    }),
    tool(
      'log',
      'Sends a log message',
      { level: { type: 'string' }, message: { type: 'string' } },
      async ({ level, message }, { mcpReq }) => {
        await mcpReq.log(levels.find((known) => known === level) ?? 'info', message, 'example');
        return text(`Logged ${String(message)}`);
      },
    ),
    tool('touch_resource', 'Changes a resource', { uri: { type: 'string' } }, async (args) => {
      const uri = String(args['uri']);
      world.revisions.set(uri, (world.revisions.get(uri) ?? 0) + 1);
      await announce({ kind: 'resource', uri });
      return text(`Touched ${uri}`);
    }),
    tool('toggle_tool', 'Adds or removes a tool of that name', { name: { type: 'string' } }, ({ name }) =>
      toggle(world.tools, String(name), { kind: 'tools' }),
    ),
    tool('toggle_prompt', 'Adds or removes a prompt of that name', { name: { type: 'string' } }, ({ name }) =>
      toggle(world.prompts, String(name), { kind: 'prompts' }),
    ),
    tool(
      'toggle_resource',
      'Adds or removes the resource memo://added/NAME',
      { name: { type: 'string' } },
      ({ name }) => toggle(world.resources, `memo://added/${encodeURIComponent(String(name))}`, { kind: 'resources' }),
    ),
    requestInput('roots'),
    requestInput('sampling'),
    requestInput('elicitation'),
  ];
  const added = [...world.tools].map((name) =>
    tool(name, 'Added at run time', {}, async () => text(`This is ${name}`)),
  );
  return new Map([...tools, ...added].map((each) => [each.definition.name, each]));
}
