import { log, MCPServer, progress, prompt, resource, tool } from 'rx-mcp/server';
import { BehaviorSubject, concat, interval, map, of, take } from 'rxjs';
import { z } from 'zod';

/** Creates a server that uses every part of the protocol. */
export function createTourServer(): MCPServer {
  const tools$ = new BehaviorSubject<readonly string[]>([]);
  const count$ = new BehaviorSubject(0);
  const schema = z.object({ name: z.string() });
  const tools = [
    tool('steps', { input: z.object({ steps: z.number() }), output: z.object({ done: z.number() }) }, ({ steps }) =>
      concat(
        interval(1).pipe(
          take(steps),
          map((step) => progress(step + 1, steps, `step ${step + 1}`)),
        ),
        of(log('info', 'all steps'), { done: steps }),
      ),
    ),
    tool('ask', {}, (_, { elicit$ }) =>
      elicit$('name', { message: 'Your name?', schema }).pipe(map(({ content }) => `Hello ${content?.name ?? 'you'}`)),
    ),
    tool('think', {}, (_, { sample$ }) =>
      sample$('answer', { messages: [{ role: 'user', content: { type: 'text', text: 'Why?' } }], maxTokens: 10 }).pipe(
        map(({ content }) => ({ content: [content].flat() })),
      ),
    ),
    tool('where', {}, (_, { roots$ }) => roots$.pipe(map((roots) => roots.map(({ uri }) => uri).join(' ')))),
    tool('count', {}, () => {
      count$.next(count$.value + 1);
      return 'counted';
    }),
    tool('grow', {}, () => {
      tools$.next([...tools$.value, `tool${tools$.value.length + 1}`]);
      return 'grown';
    }),
  ];
  const greet = prompt('greet', { args: z.object({ name: z.string() }) }, ({ name }) => `Greet ${name}`);
  return new MCPServer(
    { name: 'tour', version: '1.0.0' },
    {
      tools: tools$.pipe(map((names) => [...tools, ...names.map((name) => tool(name, {}, () => name))])),
      prompts: [greet],
      resources: [
        resource('live://count', {}, count$.pipe(map(String))),
        resource('note://{id}', { name: 'note' }, ({ id }) => `note ${String(id)}`),
      ],
      completions: ({ argument }) => ['Ada', 'Alan', 'Grace'].filter((name) => name.startsWith(argument.value)),
      hosts: ['127.0.0.1'],
      coalesce: 1,
    },
  );
}
