import assert from 'node:assert/strict';
import { listChanged, logMessage, type MCPSession, ofMethod, progressOf, resourceUpdated } from 'rx-mcp';
import { filter, firstValueFrom, lastValueFrom, map, of, skip, take, takeWhile, toArray } from 'rxjs';
import { isQuick } from '../harness/environment';

/** The transports of `server-everything`. */
export type Transport = 'stdio' | 'streamableHttp' | 'sse';

/** A kind of message that `server-everything` sends, and the code that receives it. */
interface Emission {
  readonly name: string;
  /** Connects the session, triggers the message, and resolves with what was received. */
  receive(session: MCPSession, transport: Transport): Promise<string>;
}

/** Tools that the server adds after `initialized`, depending on the client's capabilities. It sends one notification for each. */
const conditionalTools = [
  'get-roots-list',
  'trigger-elicitation-request',
  'trigger-url-elicitation',
  'trigger-sampling-request',
  'simulate-research-query',
  'trigger-sampling-request-async',
  'trigger-elicitation-request-async',
];

/**
 * The statuses of the research task. The step that requests input is reported twice: when it sends the request, and when the
 * request is queued.
 */
const taskStatuses = [
  'working',
  'working',
  'working',
  'input_required',
  'input_required',
  'working',
  'working',
  'completed',
];

/** Once enabled, the server logs immediately and then every five seconds, at a random level. */
const logMessages = isQuick ? 1 : 2;

const steps = 6;
const resource = 'demo://resource/dynamic/text/1';
const folder = (name: string) => ({ uri: `file:///home/ada/${name}`, name });

/** Every kind of message that `server-everything` sends. */
export const emissions: readonly Emission[] = [
  {
    // Over Streamable HTTP the server sends them before the client has a stream, so none arrives.
    name: 'tools/list_changed',
    async receive(session, transport) {
      const expected = transport === 'streamableHttp' ? 0 : conditionalTools.length;
      const changes = firstValueFrom(session.notifications$.pipe(listChanged('tools'), take(expected), toArray()));
      const listed = firstValueFrom(
        session.tools$.pipe(
          filter((tools) => conditionalTools.every((name) => tools.some((tool) => tool.name === name))),
        ),
      );
      await session.connect();
      await changes;
      await listed;
      return `${expected} received; tools$ has the tools`;
    },
  },
  {
    // The server requests the roots 350 ms after `initialized` and after each change, and logs their number.
    name: 'roots/list and its log message',
    async receive(session) {
      let requests = 0;
      session.messages$.subscribe((message) => {
        if (message.kind === 'request' && message.request.method === 'roots/list') requests++;
      });
      const counts$ = session.notifications$.pipe(
        logMessage('info'),
        map(({ params }) => /^Roots updated: (\d+) /.exec(String(params.data))?.[1]),
        filter((count) => count !== undefined),
      );
      const first = firstValueFrom(counts$);
      session.roots$.next([folder('one')]);
      await session.connect();
      assert.equal(await first, '1');

      const three = firstValueFrom(counts$.pipe(take(3), toArray()));
      session.roots$.next([]);
      session.roots$.next([folder('one'), folder('two')]);
      session.roots$.next([folder('one'), folder('two'), folder('three')]);
      // The server requests the roots after each change, and each response contains the latest value.
      assert.equal((await three).at(-1), '3');
      assert.equal(requests, 4);
      const { content } = await session.callTool('get-roots-list');
      assert.match(JSON.stringify(content), /file:\/\/\/home\/ada\/three/);
      return '1 on connecting, 3 for 3 changes';
    },
  },
  {
    name: 'progress',
    async receive(session) {
      await session.connect();
      const elsewhere: number[] = [];
      session.notifications$.pipe(progressOf('my-token')).subscribe(({ progress }) => elsewhere.push(progress));
      const events = await lastValueFrom(
        session
          .callTool$('trigger-long-running-operation', { duration: 0.3, steps }, { progressToken: 'my-token' })
          .pipe(
            map((event) => (event.kind === 'progress' ? event.progress : event.kind)),
            toArray(),
          ),
      );
      const expected = Array.from({ length: steps }, (_, index) => index + 1);
      assert.deepEqual(events, [...expected, 'result']);
      assert.deepEqual(elsewhere, expected);
      return `${steps} steps in order, then the result`;
    },
  },
  {
    name: 'message',
    async receive(session) {
      await session.connect();
      await session.setLoggingLevel('debug');
      const messages = firstValueFrom(
        session.notifications$.pipe(
          logMessage('debug'),
          map(({ params }) => params),
          filter(({ data }) => /level[ -]message/.test(String(data))),
          take(logMessages),
          toArray(),
        ),
      );
      await session.callTool('toggle-simulated-logging');
      for (const { level, data } of await messages) {
        assert.match(String(data).toLowerCase(), new RegExp(`^${level}[ -]`));
      }
      return `${logMessages}, each with the level that its text names`;
    },
  },
  {
    // The resource contains the time of reading, so every read differs.
    name: 'resources/updated',
    async receive(session) {
      await session.connect();
      const contents$ = session.resource$(resource);
      const readings: unknown[] = [];
      const watching = contents$.subscribe((contents) => readings.push(contents));
      await firstValueFrom(contents$);
      const updated = firstValueFrom(session.notifications$.pipe(resourceUpdated(resource)));
      const readAgain = firstValueFrom(contents$.pipe(skip(1), take(1), toArray()));
      await session.callTool('toggle-subscriber-updates');
      await updated;
      await readAgain;
      watching.unsubscribe();
      assert.equal(readings.length, 2);
      return 'resource$ was read again';
    },
  },
  { name: 'resources/list_changed', receive: receiveResourceListChange },
  {
    name: 'sampling/createMessage',
    async receive(session) {
      const prompts: unknown[] = [];
      session.handle('sampling/createMessage', ({ params }) => {
        prompts.push(params);
        return of({ role: 'assistant', content: { type: 'text', text: 'Vermilion.' }, model: 'none' });
      });
      await session.connect();
      const { content } = await session.callTool('trigger-sampling-request', {
        prompt: 'Which colour?',
        maxTokens: 10,
      });
      assert.match(JSON.stringify(content), /Vermilion/);
      assert.equal(prompts.length, 1);
      assert.match(JSON.stringify(prompts), /Which colour\?/);
      return 'one request, answered by handle()';
    },
  },
  {
    name: 'elicitation/create',
    async receive(session) {
      const methods: string[] = [];
      session.requests$.subscribe(({ request, respond }) => {
        methods.push(request.method);
        respond({ action: 'accept', content: { name: 'Ada Lovelace' } });
      });
      await session.connect();
      const { content } = await session.callTool('trigger-elicitation-request');
      assert.match(JSON.stringify(content), /Name: Ada Lovelace/);
      assert.deepEqual(methods, ['elicitation/create']);
      return 'one request, answered through requests$';
    },
  },
  {
    // The task sends its request for input on the request for its result.
    name: 'tasks/status',
    async receive(session) {
      session.handle('elicitation/create', () => of({ action: 'accept', content: { interpretation: 'technical' } }));
      await session.connect();
      const statuses = firstValueFrom(
        session.notifications$.pipe(
          ofMethod('notifications/tasks/status'),
          map(({ params }) => params.status),
          takeWhile((status) => status !== 'completed', true),
          toArray(),
        ),
      );
      const { task } = await session.request('tools/call', {
        name: 'simulate-research-query',
        arguments: { topic: 'notifications', ambiguous: true },
        task: { ttl: 60_000 },
      });
      const { taskId } = task as { taskId: string };
      const result = await session.request('tasks/result', { taskId });
      assert.deepEqual(await statuses, taskStatuses);
      assert.match(JSON.stringify(result), /\(technical\)/);
      return `${taskStatuses.length} statuses, and the question between them`;
    },
  },
];

let resources = 0;

/** Makes the server create a resource: the notification arrives, and `resources$` has the resource. */
export async function receiveResourceListChange(session: MCPSession): Promise<string> {
  const name = `proof-${resources++}.gz`;
  const list$ = session.resources$;
  const watching = list$.subscribe();
  await session.connect();
  await firstValueFrom(list$);
  const changed = firstValueFrom(session.notifications$.pipe(listChanged('resources')));
  const listed = firstValueFrom(list$.pipe(filter((list) => list.some((each) => each.name === name))));
  await session.callTool('gzip-file-as-resource', { name, data: 'data:text/plain,proof' });
  await changed;
  await listed;
  watching.unsubscribe();
  return 'resources$ has the new one';
}
