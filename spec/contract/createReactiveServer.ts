import { BehaviorSubject, concat, concatMap, filter, map, of, range, timer } from 'rxjs';
import { log, MCPServer, notification, progress, prompt, resource, tool } from 'rx-mcp/server';
import { z } from 'zod';

/** Creates the server of the contract, written with this library's own server half. */
export function createReactiveServer(): MCPServer {
  const extra$ = new BehaviorSubject<readonly string[]>([]);
  const memos = new Map(
    ['memo://readme', 'memo://counter', 'memo://today'].map((uri) => [uri, new BehaviorSubject(0)] as const),
  );

  const tools = [
    tool('echo', { input: z.object({ text: z.string() }) }, ({ text }) => text),
    tool('long_task', { input: z.object({ steps: z.number(), delayMs: z.number() }) }, ({ steps, delayMs }) =>
      concat(
        range(1, steps).pipe(
          concatMap((step) => (delayMs > 0 ? timer(delayMs).pipe(map(() => step)) : of(step))),
          map((step) => progress(step, steps)),
        ),
        of('done'),
      ),
    ),
    tool('toggle_tool', { input: z.object({ name: z.string() }) }, ({ name }) => {
      const names = extra$.value.filter((each) => each !== name);
      extra$.next(names.length < extra$.value.length ? names : [...names, name]);
      return name;
    }),
    tool('touch_resource', { input: z.object({ uri: z.string() }) }, ({ uri }) => {
      const memo$ = memos.get(uri);
      memo$?.next(memo$.value + 1);
      return uri;
    }),
    tool('burst', { input: z.object({ count: z.number() }) }, ({ count }) =>
      concat(range(1, count).pipe(map((n) => notification('custom/tick', { n }))), of('done')),
    ),
    tool(
      'log',
      { input: z.object({ level: z.enum(['debug', 'info']), message: z.string() }) },
      ({ level, message }) => [log(level, message), 'logged'],
    ),
    tool('ask_roots', {}, (_, { roots$ }) => roots$.pipe(map((roots) => ({ roots })))),
  ];

  const server = new MCPServer(
    { name: 'rx-mcp-example-reactive', version: '1.0.0' },
    {
      tools: extra$.pipe(map((names) => [...tools, ...names.map((name) => tool(name, {}, () => name))])),
      prompts: [prompt('greet', {}, () => 'Hello')],
      resources: [...memos].map(([uri, touched$]) =>
        resource(uri, { mimeType: 'text/plain' }, touched$.pipe(map((n) => `${uri}, touched ${n} times`))),
      ),
      coalesce: 1,
    },
  );
  server.notifications$
    .pipe(filter(({ notification }) => notification.method === 'notifications/roots/list_changed'))
    .subscribe(({ session }) => void session?.notify('custom/roots-changed'));
  return server;
}
