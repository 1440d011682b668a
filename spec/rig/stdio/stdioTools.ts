import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { garbage } from './garbage';
import { writeLines } from './writeLines';

type StdioTool = (
  args: Record<string, unknown>,
  request: RequestHandlerExtra<ServerRequest, ServerNotification>,
) => CallToolResult | Promise<CallToolResult>;

const workArgs = z.object({ steps: z.int().default(3), delayMs: z.int().default(0) });
const emitArgs = z.object({
  method: z.string().default('custom/tick'),
  params: z.record(z.string(), z.unknown()).optional(),
  times: z.int().default(1),
});
const orphanArgs = z.object({ lifetimeMs: z.int().default(20_000) });

const textResult = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });
/** Runs an action after the response has been written. */
const afterwards = (act: () => void): void => void setImmediate(act);

const work: StdioTool = async (args, { _meta, signal, sendNotification }) => {
  const { steps, delayMs } = workArgs.parse(args);
  const progressToken = _meta?.progressToken;
  for (let progress = 1; progress <= steps; progress++) {
    if (delayMs > 0) await setTimeout(delayMs, undefined, { signal });
    if (progressToken === undefined) continue;
    const params = { progressToken, progress, total: steps, message: `step ${progress}` };
    await sendNotification({ method: 'notifications/progress', params });
  }
  return textResult(`${steps} steps`);
};

/** The tools of the stdio fault server by name. */
export const stdioTools: Record<string, StdioTool> = {
  /** Returns its arguments. */
  echo: (args) => textResult(JSON.stringify(args)),

  /** Reports progress in steps, then responds. */
  work,

  /** Sends three progress notifications and the response, in one write. */
  burst_progress: (_, request) => {
    process.stdout.cork();
    afterwards(() => process.stdout.uncork());
    return work({ steps: 3 }, request);
  },

  /** Sends numbered notifications, or any others. */
  emit: (args) => {
    const { method, params, times } = emitArgs.parse(args);
    for (let n = 1; n <= times; n++) writeLines(JSON.stringify({ jsonrpc: '2.0', method, params: params ?? { n } }));
    return textResult(`${times} sent`);
  },

  /** Writes invalid lines, then responds. */
  garbage: () => {
    writeLines(...garbage);
    return textResult(`${garbage.length} lines`);
  },

  /** Responds only when it is cancelled, and so never. */
  hang: async (_, { signal }) => {
    await setTimeout(2 ** 31 - 1, undefined, { signal });
    return textResult('never');
  },

  /** Ends the process without a response. */
  crash: () => process.exit(1),

  /** Responds, then ends the process gracefully. */
  exit_clean: () => {
    afterwards(() => process.exit(0));
    return textResult('leaving');
  },

  /** Leaves a child process that holds stdout, responds with the child's pid, then exits. */
  orphan: (args) => {
    const pid = spawnOrphan(orphanArgs.parse(args).lifetimeMs);
    afterwards(() => process.exit(0));
    return { ...textResult(String(pid)), structuredContent: { pid } };
  },
};

/** Starts a process that holds this process's stdout open, and exits after `lifetimeMs`. */
function spawnOrphan(lifetimeMs: number): number | undefined {
  const orphan = spawn(process.execPath, ['-e', `setTimeout(() => {}, ${lifetimeMs})`], {
    stdio: ['ignore', 'inherit', 'ignore'],
    detached: true,
  });
  orphan.unref();
  return orphan.pid;
}
