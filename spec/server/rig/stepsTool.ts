import { progress, tool } from 'rx-mcp/server';
import { concat, interval, map, of, take } from 'rxjs';

/** A tool that reports progress in three steps, then returns `done`. */
export const stepsTool = tool('steps', {}, () =>
  concat(
    interval(1).pipe(
      take(3),
      map((n) => progress(n + 1, 3)),
    ),
    of('done'),
  ),
);
