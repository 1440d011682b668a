import { concat, concatMap, of, range } from 'rxjs';
import { log, MCPServer, notification, progress, tool } from 'rx-mcp/server';
import { z } from 'zod';

/** The tool on the notifications page of mcp-use for Python. */
export const longRunningTask = tool(
  'long_running_task',
  {
    description: 'Execute a task with progress updates.',
    input: z.object({ task_name: z.string(), steps: z.number().int().default(5) }),
  },
  ({ task_name, steps }) =>
    concat(
      of(log('info', `Starting: ${task_name}`)),
      range(1, steps).pipe(
        concatMap((step) => [
          notification('notifications/prompts/list_changed'),
          notification('notifications/resources/list_changed'),
          notification('notifications/tools/list_changed'),
          progress(step / steps, 1, `Step ${step}/${steps}`),
          log('debug', `Completed step ${step}`),
        ]),
      ),
      of(`Task '${task_name}' completed`),
    ),
);

export const createPrimitiveServer = (task = longRunningTask): MCPServer =>
  new MCPServer({ name: 'PrimitiveServer', version: '1.0.0' }, { tools: [task], prompts: [], resources: [] });
