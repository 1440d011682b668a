import { tool } from 'rx-mcp/server';
import { z } from 'zod';

export const longRunningTask = tool(
  'long_running_task',
  { input: z.object({ task_name: z.string(), steps: z.number().int().default(5) }) },
  async function* ({ task_name, steps }, ctx) {
    ctx.log('info', `Starting: ${task_name}`);
    for (let step = 1; step <= steps; step++) {
      ctx.promptsChanged();
      ctx.resourcesChanged();
      ctx.toolsChanged();
      ctx.progress(step / steps, 1, `Step ${step}/${steps}`);
      ctx.log('debug', `Completed step ${step}`);
    }
    yield `Task '${task_name}' completed`;
  },
);
