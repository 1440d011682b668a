import { type CallOutput, log, notification, progress, tool, type ToolDefinition } from 'rx-mcp/server';
import { concat, concatMap, interval, map, mergeMap, type Observable, of, range, timer } from 'rxjs';
import { z } from 'zod';
import { toggle, type World } from './world';

/** Creates the tools of the server. */
export function createTools(world: World): ToolDefinition[] {
  return [...plainTools(), ...listTools(world), ...sendingTools()];
}

/** Tools that respond: with text, with structured content, with an error, or by exiting. */
function plainTools(): ToolDefinition[] {
  const numbers = z.object({ a: z.number(), b: z.number() });
  return [
    tool('echo', { description: 'Returns the text', input: z.object({ text: z.string() }) }, ({ text }) => text),
    tool(
      'add',
      { description: 'Adds two numbers', input: numbers, output: z.object({ sum: z.number() }) },
      ({ a, b }) => ({ sum: a + b }),
    ),
    tool('fail', { description: 'Responds with an error result' }, () => {
      throw new Error('This tool always fails');
    }),
    tool('crash', { description: 'Ends the server process without a response' }, () => process.exit(1)),
  ];
}

/** Tools that change a list, or a resource. */
function listTools({ tools$, prompts$, resources$, revisions }: World): ToolDefinition[] {
  const kinds = { tool: tools$, prompt: prompts$, resource: resources$ };
  return [
    ...Object.entries(kinds).map(([kind, names$]) =>
      tool(
        `toggle_${kind}`,
        { description: `Adds or removes a ${kind} of that name`, input: z.object({ name: z.string().min(1) }) },
        ({ name }) => `${toggle(names$, name) ? 'Added' : 'Removed'} ${name}`,
      ),
    ),
    tool('touch_resource', { description: 'Changes a resource', input: z.object({ uri: z.string() }) }, ({ uri }) => {
      const revisions$ = revisions(uri);
      revisions$.next(revisions$.value + 1);
      return `Touched ${uri}`;
    }),
  ];
}

/** Tools that send progress, notifications, logs and requests on the response of the call. */
function sendingTools(): ToolDefinition[] {
  return [
    tool('long_task', { description: 'Works in steps and reports progress', input: longTaskInput }, longTask),
    tool('emit', { description: 'Sends a notification of any method', input: emitInput }, ({ method, params, times }) =>
      concat(range(1, times).pipe(map(() => notification(method, params))), of(`Sent ${method} ${times} times`)),
    ),
    tool('burst', { description: 'Sends numbered ticks', input: z.object({ count: z.number() }) }, ({ count }) =>
      concat(range(1, count).pipe(map((n) => notification('custom/tick', { n }))), of(`Sent ${count} ticks`)),
    ),
    tool(
      'heartbeat',
      { description: 'Sends heartbeats until it is cancelled', input: z.object({ intervalMs: z.number() }) },
      ({ intervalMs }) =>
        interval(intervalMs).pipe(map((count) => notification('custom/heartbeat', { count: count + 1 }))),
    ),
    tool('log', { description: 'Sends a log message', input: logInput }, ({ level, message }) =>
      of(log(level, message, 'example'), `Logged at ${level}`),
    ),
    tool('ask_roots', { description: 'Requests the roots, and sends them as a notification' }, (_, { roots$ }) =>
      roots$.pipe(mergeMap((roots) => [notification('custom/roots-read', { roots }), { roots }])),
    ),
    tool('read_roots', { description: 'Requests the roots and returns them' }, (_, { roots$ }) =>
      roots$.pipe(map((roots) => ({ roots }))),
    ),
  ];
}

const longTaskInput = z.object({
  steps: z.number().default(5),
  delayMs: z.number().default(50),
  name: z.string().default('task'),
});
const emitInput = z.object({
  method: z.string().min(1),
  params: z.record(z.string(), z.unknown()).optional(),
  times: z.number().default(1),
});
const logInput = z.object({ level: z.enum(['debug', 'info', 'warning', 'error']), message: z.string() });

function longTask({ steps, delayMs, name }: z.infer<typeof longTaskInput>): Observable<CallOutput> {
  const steps$ = range(1, steps).pipe(
    concatMap((step) => (delayMs > 0 ? timer(delayMs).pipe(map(() => step)) : of(step))),
    map((step) => progress(step, steps, `${name}: step ${step} of ${steps}`)),
  );
  return concat(steps$, of(`${name}: done in ${steps} steps`));
}
