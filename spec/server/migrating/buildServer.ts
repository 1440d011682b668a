import { MCPServer, progress, tool } from 'rx-mcp/server';
import { BehaviorSubject, concat, map, range } from 'rxjs';
import { z } from 'zod';

export function createBuildServer(): MCPServer {
  const isPublishable$ = new BehaviorSubject(false);

  const build = tool(
    'build',
    { description: 'Builds', input: z.object({ steps: z.number() }) },
    ({ steps }, { elicit$ }) =>
      concat(
        range(1, steps).pipe(map((step) => progress(step, steps))),
        elicit$('publish', { message: 'Publish?', schema: z.object({}) }).pipe(
          map(({ action }) => {
            isPublishable$.next(action === 'accept');
            return `built, ${action}`;
          }),
        ),
      ),
  );
  const publish = tool('publish', {}, () => 'published');

  return new MCPServer(
    { name: 'builds', version: '1.0.0' },
    { tools: isPublishable$.pipe(map((isPublishable) => (isPublishable ? [build, publish] : [build]))) },
  );
}
