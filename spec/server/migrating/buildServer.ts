import { MCPServer, progress, tool } from 'rx-mcp/server';
import { BehaviorSubject, concat, map, range } from 'rxjs';
import { z } from 'zod';

export function createBuildServer(): MCPServer {
  /** The users who may publish. */
  const publishers$ = new BehaviorSubject<ReadonlySet<string | undefined>>(new Set());

  const build = tool(
    'build',
    { description: 'Builds', input: z.object({ steps: z.number() }) },
    ({ steps }, { elicit$, caller }) =>
      concat(
        range(1, steps).pipe(map((step) => progress(step, steps))),
        elicit$('publish', { message: 'Publish?', schema: z.object({}) }).pipe(
          map(({ action }) => {
            if (action === 'accept') publishers$.next(new Set(publishers$.value).add(caller.principal));
            return `built, ${action}`;
          }),
        ),
      ),
  );
  const publish = tool('publish', {}, () => 'published');

  return new MCPServer(
    { name: 'builds', version: '1.0.0' },
    {
      tools: ({ principal }) =>
        publishers$.pipe(map((publishers) => (publishers.has(principal) ? [build, publish] : [build]))),
    },
  );
}
