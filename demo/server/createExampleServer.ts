import { concatMap, endWith, filter, ignoreElements, interval, map, mergeMap, switchMap, take, takeUntil } from 'rxjs';
import { MCPServer, prompt, resource, type ResourceDefinition, type ServerSession, tool } from 'rx-mcp/server';
import { z } from 'zod';
import { createTools } from './createTools';
import { createWorld, type World } from './world';

/** Options for {@link createExampleServer}. */
export interface ExampleServerOptions {
  /** Milliseconds between heartbeats to all sessions. Default 0, for none. */
  readonly heartbeat?: number;
}

/** The example server written with `rx-mcp/server`, for both protocol eras. */
export function createExampleServer({ heartbeat = 0 }: ExampleServerOptions = {}): MCPServer {
  const world = createWorld();
  const tools = createTools(world);
  const prompts = [
    prompt('greet', { description: 'Greets a person', args: z.object({ name: z.string().optional() }) }, ({ name }) =>
      name === undefined ? 'Hello' : `Hello ${name}`,
    ),
  ];
  const added = { description: 'Was added while running' };

  const server = new MCPServer(
    { name: 'rx-mcp-example', version: '1.0.0' },
    {
      instructions: 'A server to watch notifications with. Try long_task, burst and the toggles.',
      tools: world.tools$.pipe(
        map((names) => [...tools, ...names.map((name) => tool(name, added, () => `This is ${name}`))]),
      ),
      prompts: world.prompts$.pipe(
        map((names) => [...prompts, ...names.map((name) => prompt(name, added, () => `Please ${name}`))]),
      ),
      resources: world.resources$.pipe(
        map((names) => [
          ...['memo://readme', 'memo://counter', 'memo://today'].map((uri) => memo(world, uri)),
          ...names.map((name) => memo(world, `memo://added/${encodeURIComponent(name)}`)),
          resource('memo://note/{id}', { name: 'note', mimeType: 'text/plain' }, ({ id }) =>
            textOf(world, `memo://note/${String(id)}`),
          ),
        ]),
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
function announceRoots(session: ServerSession) {
  return session.notifications$.pipe(
    filter(({ method }) => method === 'notifications/roots/list_changed'),
    take(1),
    switchMap(() => session.roots$),
    concatMap((roots) => session.notify('custom/roots-read', { roots })),
  );
}

function memo(world: World, uri: string): ResourceDefinition {
  const name = uri.split('/').at(-1);
  return resource(uri, { name, mimeType: 'text/plain' }, textOf(world, uri));
}

function textOf({ revisions }: World, uri: string) {
  return revisions(uri).pipe(map((n) => `${uri}, touched ${n} times`));
}
