import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTaskMessageQueue, InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult, JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { type CallEvent, MCPSession, TransportConnector } from 'rx-mcp';
import { filter, firstValueFrom, ReplaySubject, Subject, take } from 'rxjs';
import { z } from 'zod';
import { idle } from '../../rig/idle';
import { record } from '../../rig/record';

/**
 * An SDK server whose tool runs as a task, which ends when `finish` emits. The server outlives its connections.
 *
 * @param ignores - whether the server ignores requests with a method.
 */
function taskServer(
  taskSupport: 'required' | 'optional' = 'optional',
  ignores: (method: string) => boolean = () => false,
) {
  const finish$ = new Subject<CallToolResult>();
  const received: JSONRPCMessage[] = [];
  const received$ = new ReplaySubject<string>(Infinity);
  const taskStore = new InMemoryTaskStore();
  stores.push(taskStore);
  const options = {
    capabilities: { tools: {}, tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } },
    taskStore,
    taskMessageQueue: new InMemoryTaskMessageQueue(),
  };
  let newest: InMemoryTransport | undefined;
  let sendProgress: (progress: number) => Promise<void> = () => Promise.resolve();

  async function open(): Promise<InMemoryTransport> {
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const server = new McpServer({ name: 'tasks', version: '1' }, options);
    server.experimental.tasks.registerToolTask(
      'build',
      { execution: { taskSupport } },
      {
        async createTask({ taskStore: store, _meta, sendNotification }) {
          const task = await store.createTask({ ttl: 60_000, pollInterval: 100 });
          const progressToken = _meta?.progressToken ?? 'none';
          sendProgress = (progress) =>
            sendNotification({ method: 'notifications/progress', params: { progressToken, progress } });
          finish$.pipe(take(1)).subscribe((result) => {
            void taskStore.storeTaskResult(task.taskId, result.isError ? 'failed' : 'completed', result);
          });
          return { task };
        },
        getTask: async ({ taskId, taskStore: store }) => store.getTask(taskId),
        getTaskResult: async ({ taskId, taskStore: store }) => (await store.getTaskResult(taskId)) as CallToolResult,
      },
    );
    serverSide.onmessage = (message) => {
      received.push(message);
      if ('method' in message) received$.next(message.method);
    };
    await server.connect(serverSide);
    const { onmessage } = serverSide;
    serverSide.onmessage = (message, extra) => {
      if (!('method' in message) || !ignores(message.method)) onmessage(message, extra);
      else received$.next(message.method);
    };
    newest = serverSide;
    return clientSide;
  }

  return {
    connector: new TransportConnector(open, { reconnect: { initialDelay: 1, maxDelay: 1 } }),
    finish: (result: CallToolResult) => finish$.next(result),
    progress: (progress: number) => sendProgress(progress),
    drop: () => newest!.close(),
    /** Resolves when the server has received a message with this method. */
    until: async (method: string) => firstValueFrom(received$.pipe(filter((name) => name === method))),
    methods: () => received.flatMap((message) => ('method' in message ? [message.method] : [])),
    taskStore,
  };
}

const result: CallToolResult = { content: [{ type: 'text', text: 'built' }] };
let session: MCPSession;

async function connect(server: ReturnType<typeof taskServer>): Promise<void> {
  session = new MCPSession(server.connector);
  await session.connect();
}

/** Each store keeps a timer for each task. */
const stores: InMemoryTaskStore[] = [];

afterEach(async () => {
  await session.disconnect();
  for (const store of stores.splice(0)) store.cleanup();
});

const kindsOf = (events: readonly CallEvent<unknown>[]): string[] =>
  events.map((event) => (event.kind === 'task' ? event.task.status : event.kind));

describe('a tool call that the server runs as a task', () => {
  it('emits the states of the task and its progress, then the result', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: { ttl: 60_000 } }));

    expect(await call.nth(1)).toMatchObject({ kind: 'task', task: { status: 'working', ttl: 60_000 } });
    await server.progress(1);
    expect(await call.nth(2)).toMatchObject({ kind: 'progress', progress: 1 });
    server.finish(result);
    await call.ended;

    expect(kindsOf(call.values)).toEqual(['working', 'progress', 'completed', 'result']);
    expect(call.values.at(-1)).toMatchObject({ kind: 'result', result });
    expect(server.methods()).not.toContain('tasks/cancel');
  });

  it('is repeated as a task if the server requires that', async () => {
    const server = taskServer('required');
    await connect(server);

    const called = session.callTool('build');
    await server.until('tasks/get');
    server.finish(result);

    expect(await called).toMatchObject(result);
    expect(server.methods().filter((method) => method === 'tools/call')).toHaveLength(2);
  });

  it('ends when the signal aborts while the list of tools is pending', async () => {
    const server = taskServer('required', (method) => method === 'tools/list');
    await connect(server);
    const controller = new AbortController();

    const called = session.callTool('build', {}, { signal: controller.signal });
    await server.until('tools/list');
    controller.abort();

    await expect(called).rejects.toMatchObject({ name: 'RequestCancelledError' });
  });

  it('limits the output schema by timeout', async () => {
    const server = taskServer();
    await connect(server);
    const output = z.custom<unknown>().refine(() => new Promise<boolean>(() => undefined));
    const call = record(session.callTool$('build', {}, { task: {}, output, timeout: 500 }));
    await call.nth(1);

    server.finish({ ...result, structuredContent: {} });

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 500 });
    expect(kindsOf(call.values)).toEqual(['working', 'completed']);
  });

  it('is cancelled once on the server when it is unsubscribed', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: {} }));
    await call.nth(1);

    call.stop();
    await server.until('tasks/cancel');

    const { tasks } = await server.taskStore.listTasks();
    expect(tasks.map(({ status }) => status)).toEqual(['cancelled']);
    expect(server.methods().filter((method) => method === 'tasks/cancel')).toHaveLength(1);
    expect(server.methods()).not.toContain('notifications/cancelled');
  });

  it('outlives a lost connection', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: {} }));
    await call.nth(1);

    const again = firstValueFrom(session.gaps$);
    await server.drop();
    await again;
    server.finish(result);
    await call.ended;

    expect(call.values.at(-1)).toMatchObject({ kind: 'result', result });
  });

  it('ends with the result of a failed task', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: {} }));
    await call.nth(1);

    server.finish({ content: [], isError: true });
    await call.ended;

    expect(kindsOf(call.values)).toEqual(['working', 'failed', 'result']);
    expect(call.values.at(-1)).toMatchObject({ result: { isError: true } });
  });

  it('fails if the server no longer knows the task', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: {} }));
    await call.nth(1);

    server.taskStore.cleanup();

    await expect(call.ended).rejects.toMatchObject({ name: 'ServerError' });
    await idle();
    expect(server.methods()).not.toContain('tasks/cancel');
  });

  it('is limited by maxTotalTimeout, and not by timeout while the task is polled', async () => {
    const server = taskServer();
    await connect(server);
    const call = record(session.callTool$('build', {}, { task: {}, timeout: 50, maxTotalTimeout: 400 }));

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 400 });
    await server.until('tasks/cancel');
  });

  it('is a plain result for request$', async () => {
    const server = taskServer();
    await connect(server);

    const answer = await session.request('tools/call', { name: 'build', arguments: {}, task: {} });

    expect(answer).toMatchObject({ task: { status: 'working' } });
  });
});

describe('a tool call with a task by a client over session.transport()', () => {
  it('responds with the task, whose states and result the client then requests', async () => {
    const server = taskServer();
    await connect(server);
    const client = new Client({ name: 'guest', version: '1.0.0' });
    await client.connect(session.transport());
    await client.listTools();
    const seen: string[] = [];

    for await (const event of client.experimental.tasks.callToolStream({ name: 'build' }, undefined, {
      task: { ttl: 60_000 },
    })) {
      seen.push(event.type === 'taskStatus' ? event.task.status : event.type);
      if (event.type === 'taskCreated') server.finish(result);
      if (event.type === 'result') expect(event.result).toMatchObject(result);
    }

    expect(seen).toEqual(['taskCreated', 'completed', 'result']);
    expect(server.methods()).not.toContain('tasks/cancel');
    await client.close();
  });
});
