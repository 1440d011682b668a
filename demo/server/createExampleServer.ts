import {
  catchError,
  concatMap,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  interval,
  map,
  mergeMap,
  switchMap,
  take,
  takeUntil,
} from 'rxjs';
import { MCPServer, prompt, resource, type ResourceDefinition, type ServerSession, tool } from 'rx-mcp/server';
import { z } from 'zod';
import { createTools } from './createTools';
import { createWorld, type World } from './world';

/** Options for {@link createExampleServer}. */
export interface ExampleServerOptions {
  /** The interval between heartbeats to all sessions, in milliseconds. Default 0, for none. */
  readonly heartbeat?: number;
  /** The protocol versions to serve. Default `'both'`. */
  readonly eras?: 'both' | 'legacy' | 'modern';
}

/** Creates the example server, whose state all clients share. It is written with `rx-mcp/server`. */
export function createExampleServer({ heartbeat = 0, eras = 'both' }: ExampleServerOptions = {}): MCPServer {
  const world = createWorld();
  const tools = createTools(world);
  const prompts = [greet, prompt('summarize', { description: 'Summarizes a conversation' }, () => 'Please summarize')];
  const added = { description: 'Added at run time' };

  const server = new MCPServer(
    { name: 'rx-mcp-example', version: '1.0.0' },
    {
      instructions: 'A server that sends every kind of notification. Try long_task, burst and the toggle tools.',
      // Each list is a stream. The server announces a change to its clients when the stream emits.
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
      completions: ({ ref, argument }) =>
        ref.type === 'ref/prompt' && ref.name === 'greet' && argument.name === 'language'
          ? languages.filter((language) => language.startsWith(argument.value))
          : [],
      eras,
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

const languages = ['danish', 'dutch', 'english', 'french', 'german'];

const greet = prompt(
  'greet',
  {
    description: 'Greets a person in a language',
    args: z.object({ name: z.string(), language: z.string().default('english') }),
  },
  ({ name, language }) => `Greet ${name} in ${language}`,
);

/** Reads the roots of a session after each change, and sends them back as `custom/roots-read`. */
function announceRoots(session: ServerSession) {
  return session.notifications$.pipe(
    filter(({ method }) => method === 'notifications/roots/list_changed'),
    take(1),
    switchMap(() => session.roots$),
    concatMap((roots) => session.notify('custom/roots-read', { roots })),
    // The client does not answer, or the session has ended.
    catchError(() => EMPTY),
  );
}

function memo(world: World, uri: string): ResourceDefinition {
  const name = uri.split('/').at(-1);
  return resource(uri, { name, mimeType: 'text/plain' }, textOf(world, uri));
}

function textOf({ revisions }: World, uri: string) {
  return revisions(uri).pipe(map((n) => `${uri}, touched ${n} times`));
}
