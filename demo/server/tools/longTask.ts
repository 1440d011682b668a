import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { defineTool } from '../defineTool';
import type { ExampleTool } from '../exampleTool';
import { textResult } from '../textResult';

const input = z.object({
  steps: z.int().positive().default(5),
  delayMs: z.int().nonnegative().default(50),
  name: z.string().default('task'),
});

/** A tool that works in steps, and reports each step if the caller sent a progress token. A cancellation stops it immediately. */
export const longTask = (): ExampleTool =>
  defineTool('long_task', 'Works in steps and reports progress', input, async ({ steps, delayMs, name }, request) => {
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
  });
