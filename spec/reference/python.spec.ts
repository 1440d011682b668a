import {
  type IncomingMessage,
  InvalidNotificationError,
  listChanged,
  logMessage,
  MCPClient,
  type MCPSession,
  ofMethod,
  progressOf,
} from 'rx-mcp';
import { concatMap, filter, firstValueFrom, map, toArray } from 'rxjs';
import { openSession } from '../rig/openSession';
import { record } from '../rig/record';
import { type FaultServer, startFaultServer } from '../rig/startFaultServer';
import { startTaskServer, type TaskServer } from './startTaskServer';

const args = { task_name: 'test', steps: 5 };

describe('the Python page of mcp-use', () => {
  let server: TaskServer;
  let client: MCPClient;
  let session: MCPSession;

  beforeEach(async () => {
    server = await startTaskServer();
    client = new MCPClient({ mcpServers: { PrimitiveServer: { url: server.url } } });
    session = client.session('PrimitiveServer');
  });
  afterEach(async () => {
    await client.closeAllSessions();
    await server.stop();
  });

  it('runs its example: one handler for all messages, and a call that triggers them', async () => {
    const lines: string[] = [];
    session.messages$.subscribe((message) => {
      if (message.kind !== 'notification') {
        lines.push(`Received other message type: ${message.kind}`);
        return;
      }
      const { method, params } = message.notification;
      if (method === 'notifications/progress') {
        lines.push(`Progress: ${Number(params?.progress) * 100}% (${String(params?.message)})`);
      } else if (method === 'notifications/prompts/list_changed') lines.push('Server prompts have changed');
      else if (method === 'notifications/resources/list_changed') lines.push('Server resources have changed');
      else if (method === 'notifications/tools/list_changed') lines.push('Server tools have changed');
    });
    await client.createAllSessions();
    // Twenty notifications after the response to initialize: fifteen changes on one stream, and five progress notifications on
    // the other.
    const all = record(session.notifications$.pipe(filter(({ method }) => method !== 'notifications/message')));

    const result = await session.callTool('long_running_task', args);
    await all.nth(20);

    expect(result.content).toEqual([{ type: 'text', text: "Task 'test' completed" }]);
    const count = (text: string): number => lines.filter((line) => line === text).length;
    expect(lines.filter((line) => line.startsWith('Progress'))).toEqual([
      'Progress: 20% (Step 1/5)',
      'Progress: 40% (Step 2/5)',
      'Progress: 60% (Step 3/5)',
      'Progress: 80% (Step 4/5)',
      'Progress: 100% (Step 5/5)',
    ]);
    expect(count('Server prompts have changed')).toBe(5);
    expect(count('Server resources have changed')).toBe(5);
    expect(count('Server tools have changed')).toBe(5);
    expect(count('Received other message type: response')).toBe(2);
  });

  it('reports progress with percentage and message, in the call and by token', async () => {
    await session.connect();
    const percent = ({ progress, total = 1, message }: { progress: number; total?: number; message?: string }) =>
      `${Math.round((100 * progress) / total)}% ${message}`;
    const elsewhere = record(session.notifications$.pipe(progressOf('mine'), map(percent)));

    const events = await firstValueFrom(
      session.callTool$('long_running_task', args, { progressToken: 'mine' }).pipe(
        map((event) =>
          event.kind === 'progress' ? percent(event) : event.kind === 'result' && event.result.content[0],
        ),
        toArray(),
      ),
    );

    const reports = ['20% Step 1/5', '40% Step 2/5', '60% Step 3/5', '80% Step 4/5', '100% Step 5/5'];
    expect(events).toEqual([...reports, { type: 'text', text: "Task 'test' completed" }]);
    expect(elsewhere.values).toEqual(reports);
    elsewhere.stop();
  });

  it('reports list changes by kind or together', async () => {
    const tools = record(session.notifications$.pipe(listChanged('tools')));
    const resources = record(session.notifications$.pipe(listChanged('resources')));
    const prompts = record(session.notifications$.pipe(listChanged('prompts')));
    const all = record(session.notifications$.pipe(listChanged()));
    await session.connect();

    await session.callTool('long_running_task', { ...args, steps: 2 });
    await all.nth(6);

    expect(all.values.map(({ method }) => method.split('/')[1])).toEqual([
      'prompts',
      'resources',
      'tools',
      'prompts',
      'resources',
      'tools',
    ]);
    expect([tools, resources, prompts].map(({ values }) => values.length)).toEqual([2, 2, 2]);
  });

  it('separates log messages, from a level on', async () => {
    const all = record(
      session.notifications$.pipe(
        logMessage(),
        map(({ params }) => params.data),
      ),
    );
    const info = record(
      session.notifications$.pipe(
        logMessage('info'),
        map(({ params }) => params.data),
      ),
    );
    await session.connect();

    await session.callTool('long_running_task', { ...args, steps: 2 });

    expect(all.values).toEqual(['Starting: test', 'Completed step 1', 'Completed step 2']);
    expect(info.values).toEqual(['Starting: test']);
  });
});

describe('one handler for everything', () => {
  let server: FaultServer;
  let session: MCPSession;

  beforeEach(async () => {
    server = await startFaultServer();
    ({ session } = openSession(server.url));
  });
  afterEach(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('receives notifications, requests, responses and unreadable messages in order', async () => {
    session.handle('custom/question', () => ({ n: 42 }));
    await session.connect();
    const messages = record(session.messages$);

    await server.notify('custom/one', { a: 1 });
    expect(await server.ask('custom/question')).toEqual({ n: 42 });
    await server.raw('data: {"jsonrpc":\n\n');
    await server.notify('notifications/tools/list_changed');
    await messages.nth(4);
    await session.ping();

    const brief = (message: IncomingMessage): string => {
      switch (message.kind) {
        case 'notification':
          return message.notification.method;
        case 'request':
          return message.request.method;
        case 'response':
          return 'response';
        case 'error':
          return message.error.name;
      }
    };
    expect(messages.values.map(brief)).toEqual([
      'custom/one',
      'custom/question',
      'InvalidNotificationError',
      'notifications/tools/list_changed',
      'response',
    ]);
    const [, , failure] = messages.values;
    expect(failure?.kind === 'error' && failure.error).toBeInstanceOf(InvalidNotificationError);
    messages.stop();
  });

  it('may send requests', async () => {
    await session.connect();
    const answers$ = session.notifications$.pipe(
      ofMethod('custom/one'),
      concatMap(({ params }) => session.callTool('echo', params)),
    );
    const answer = firstValueFrom(answers$);
    const handled = new Promise((resolve) => {
      session.on('notification', async ({ method }) => {
        await session.ping();
        resolve(method);
      });
    });

    await server.notify('custom/one', { a: 1 });

    expect(await answer).toMatchObject({ content: [{ text: '{"a":1}' }] });
    expect(await handled).toBe('custom/one');
  });
});
