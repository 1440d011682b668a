import {
  BehaviorSubject,
  concat,
  concatMap,
  endWith,
  filter,
  ignoreElements,
  interval,
  map,
  mergeMap,
  of,
  range,
  switchMap,
  take,
  takeUntil,
  timer,
} from 'rxjs';
import { log, MCPServer, notification, progress, prompt, resource, type ServerSession, tool } from 'rx-mcp/server';
import { z } from 'zod';

/** Options for {@link createReactiveServer}. */
export interface ReactiveServerOptions {
  /** Milliseconds between heartbeats to all sessions. Default 0, for none. */
  readonly heartbeat?: number;
}

/** The example server written with `rx-mcp/server`, for both protocol eras. */
export function createReactiveServer({ heartbeat = 0 }: ReactiveServerOptions = {}): MCPServer {
  const extra$ = new BehaviorSubject<readonly string[]>([]);
  const memos = new Map(
    ['memo://readme', 'memo://counter', 'memo://today'].map((uri) => [uri, new BehaviorSubject(0)] as const),
  );

  const tools = [
    tool('echo', { input: z.object({ text: z.string() }) }, ({ text }) => text),
    tool(
      'long_task',
      { input: z.object({ steps: z.number(), delayMs: z.number(), name: z.string().default('task') }) },
      ({ steps, delayMs, name }) =>
        concat(
          range(1, steps).pipe(
            concatMap((step) => (delayMs > 0 ? timer(delayMs).pipe(map(() => step)) : of(step))),
            map((step) => progress(step, steps, `${name}: step ${step} of ${steps}`)),
          ),
          of(`${name}: done in ${steps} steps`),
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
    tool('heartbeat', { input: z.object({ intervalMs: z.number() }) }, ({ intervalMs }) =>
      interval(intervalMs).pipe(map((count) => notification('custom/heartbeat', { count: count + 1 }))),
    ),
    tool(
      'log',
      { input: z.object({ level: z.enum(['debug', 'info', 'warning', 'error']), message: z.string() }) },
      ({ level, message }) => [log(level, message, 'example'), `Logged at ${level}`],
    ),
    tool('ask_roots', {}, (_, { roots$ }) =>
      roots$.pipe(mergeMap((roots) => [notification('custom/roots-read', { roots }), { roots }])),
    ),
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
      hosts: ['127.0.0.1', 'localhost'],
    },
  );
  server.sessions$.pipe(mergeMap(announceRoots)).subscribe();
  if (heartbeat > 0) {
    interval(heartbeat)
      .pipe(
        concatMap((count) => server.notify('custom/heartbeat', { count: count + 1 })),
        takeUntil(server.sessions$.pipe(ignoreElements(), endWith(true))),
      )
      .subscribe();
  }
  return server;
}

/** Reads the roots of a session once they have changed, and after each change. */
function announceRoots({ notifications$, roots$, notify }: ServerSession) {
  return notifications$.pipe(
    filter(({ method }) => method === 'notifications/roots/list_changed'),
    take(1),
    switchMap(() => roots$),
    concatMap((roots) => notify('custom/roots-read', { roots })),
  );
}
