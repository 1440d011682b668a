import { LoggingLevelSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleSession } from '../exampleSession';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

const emitInput = z.object({
  method: z.string().min(1),
  params: z.record(z.string(), z.unknown()).optional(),
  times: z.int().positive().default(1),
});
const logInput = z.object({ level: z.enum(LoggingLevelSchema.options), message: z.string() });

/** Tools that send notifications outside of a request. Over HTTP these are sent on the listening stream. */
export function notifyTools({ server, subscriptions, revisions }: ExampleSession): ExampleTool[] {
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
