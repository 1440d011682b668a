import { log, MCPServer, notification, progress, tool } from 'rx-mcp/server';
import { concat, map, of, range, switchMap } from 'rxjs';
import { z } from 'zod';

export function createPublishServer(): MCPServer {
  const build = tool(
    'build',
    { description: 'Builds', input: z.object({ steps: z.number() }) },
    ({ steps }, { elicit$ }) =>
      elicit$('publish', { message: 'Publish?', schema: z.object({}) }).pipe(
        switchMap(({ action }) =>
          concat(
            range(1, steps).pipe(map((step) => progress(step, steps))),
            of(log('warning', 'no cache'), notification('custom/built', { steps }), `built, ${action}`),
          ),
        ),
      ),
  );

  return new MCPServer({ name: 'builds', version: '1.0.0' }, { tools: [build], hosts: ['127.0.0.1'] });
}
