import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolResult,
  EmptyResultSchema,
  type Notification,
  type Request,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { FaultSession, FaultWorld } from './world';

/** Runs a call of a built-in tool. */
type FaultTool = (
  args: Record<string, unknown>,
  call: {
    request: RequestHandlerExtra<ServerRequest | Request, ServerNotification | Notification>;
    session: FaultSession;
    world: FaultWorld;
  },
) => CallToolResult | Promise<CallToolResult>;

const params = z.record(z.string(), z.unknown()).optional();
const workArgs = z.object({ steps: z.int().default(3), delayMs: z.int().default(0) });
const errorArgs = z.object({
  code: z.int().default(-32050),
  message: z.string().default('This tool answers with an error'),
  data: z.unknown().optional(),
});
const notifyArgs = z.object({ method: z.string(), params, times: z.int().default(1) });
const askArgs = z.object({ method: z.string(), params });
const setListArgs = z.object({ kind: z.enum(['tools', 'prompts', 'resources']), names: z.array(z.string()) });

const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

/** The built-in tools by name. */
export const faultTools: Record<string, FaultTool> = {
  /** Returns its arguments. */
  echo: (args) => textResult(JSON.stringify(args)),

  /** Reports progress in steps, then responds. */
  work: async (args, { request }) => {
    const { steps, delayMs } = workArgs.parse(args);
    const progressToken = request._meta?.progressToken;
    for (let progress = 1; progress <= steps; progress++) {
      if (delayMs > 0) await setTimeout(delayMs, undefined, { signal: request.signal });
      if (progressToken === undefined) continue;
      const report = { progressToken, progress, total: steps, message: `step ${progress}` };
      await request.sendNotification({ method: 'notifications/progress', params: report });
    }
    return textResult(`${steps} steps`);
  },

  /** Waits until the panel releases it. */
  gate: async (_, { request, world }) => {
    await world.gates.wait('gate', request.signal);
    return textResult('released');
  },

  /** Reports progress, waits until that has arrived, and loses its connection before the response. */
  cut_after_progress: async (_, { request, session, world }) => {
    const progressToken = request._meta?.progressToken;
    if (progressToken !== undefined) {
      const report = { progressToken, progress: 1, total: 2 };
      await request.sendNotification({ method: 'notifications/progress', params: report });
    }
    // The response to a ping on the same stream proves that the client has read the progress.
    await request.sendRequest({ method: 'ping' }, EmptyResultSchema);
    world.streams.reset(
      ({ sessionId, requestIds }) => sessionId === session.id && requestIds.includes(request.requestId),
    );
    return textResult('answered after the cut');
  },

  /** Responds with a JSON-RPC error. */
  error: (args) => {
    const { code, message, data } = errorArgs.parse(args);
    throw Object.assign(new Error(message), { code, data });
  },

  /** Responds with a result that has `isError: true`. */
  fail: () => ({ ...textResult('This tool always fails'), isError: true }),

  /** Sends a notification on the stream of the call. */
  notify: async (args, { request }) => {
    const { times, ...notification } = notifyArgs.parse(args);
    for (let n = 0; n < times; n++) await request.sendNotification(notification);
    return textResult(`${times} sent`);
  },

  /** Sends a request to the client on the stream of the call, and returns the response. */
  ask: async (args, { request }) => {
    const answer = await request.sendRequest(askArgs.parse(args), ResultSchema);
    return { ...textResult(JSON.stringify(answer)), structuredContent: answer };
  },

  /** Replaces a list and announces the change. */
  set_list: async (args, { world }) => {
    const { kind, names } = setListArgs.parse(args);
    await changeList(world, kind, names);
    return textResult(`${names.length} ${kind}`);
  },

  /** Ends the process without a response. */
  crash: () => process.exit(1),
};

/** Replaces one of the lists, and notifies every session unless `silent`. */
export async function changeList(
  { lists, sessions }: FaultWorld,
  kind: 'tools' | 'prompts' | 'resources',
  names: readonly string[],
  { silent = false }: { silent?: boolean } = {},
): Promise<void> {
  lists[kind] = names;
  if (silent) return;
  for (const { server } of sessions.values())
    await server.notification({ method: `notifications/${kind}/list_changed` });
}
