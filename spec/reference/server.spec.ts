import { filter, firstValueFrom, map } from 'rxjs';
import { type Connector, HttpConnector, listChanged, MCPClient, MCPSession, ofMethod, progressOf } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';
import { MCPServer, type ServerSession } from 'rx-mcp/server';
import { programArgs } from '../rig/programArgs';
import { longRunningTask as longRunningTaskWithContext } from '../server/migrating/longRunningTask';
import { createPrimitiveServer, longRunningTask } from '../server/program/longRunningTask';
import { serve, until, type Served } from '../server/rig/serve';

describe("the page on notifications of mcp-use for Python, with this library's server", () => {
  let served: Served | undefined;
  afterEach(async () => {
    await served?.close();
    served = undefined;
  });

  const overHttp =
    (task = longRunningTask, options = {}) =>
    async (): Promise<Connector> => {
      served = await serve(createPrimitiveServer(task));
      return new HttpConnector(served.url, options);
    };
  const overStdio =
    (options = {}) =>
    async (): Promise<Connector> => {
      const args = programArgs('spec/server/program/stdio.ts');
      return new StdioConnector({ command: process.execPath, args, stderr: 'inherit' }, options);
    };

  it.each<[string, () => Promise<Connector>]>([
    ['over HTTP', overHttp()],
    ['over HTTP, written with ctx', overHttp(longRunningTaskWithContext)],
    ['over HTTP, in 2026-07-28', overHttp(longRunningTask, { engine: modern({ negotiation: 'modern' }) })],
    ['over stdio', overStdio()],
    ['over stdio, in 2026-07-28', overStdio({ engine: modern({ negotiation: 'modern' }) })],
  ])('sends everything that the tool sends, in order: %s', async (_, connect) => {
    const session = new MCPSession(await connect());
    const messages: string[] = [];
    session.messages$.subscribe((message) => {
      if (message.kind !== 'notification') return;
      const { method } = message.notification;
      if (method !== 'notifications/subscriptions/acknowledged') messages.push(method);
    });
    await session.connect();
    await session.initialize();
    messages.length = 0;
    const changes = { tools: 0, prompts: 0, resources: 0 };
    session.notifications$.pipe(listChanged('tools')).subscribe(() => changes.tools++);
    session.notifications$.pipe(listChanged('prompts')).subscribe(() => changes.prompts++);
    session.notifications$.pipe(listChanged('resources')).subscribe(() => changes.resources++);
    const progress: string[] = [];
    session.notifications$
      .pipe(progressOf('task'))
      .subscribe((step) => progress.push(`${step.progress} ${step.message}`));
    const isModern = session.protocolVersion === '2026-07-28';
    if (!isModern) await session.setLoggingLevel('debug');
    const result = await session.callTool(
      'long_running_task',
      { task_name: 'test', steps: 5 },
      { progressToken: 'task' },
    );
    expect(result.content).toMatchObject([{ text: "Task 'test' completed" }]);
    expect(progress).toEqual(['0.2 Step 1/5', '0.4 Step 2/5', '0.6 Step 3/5', '0.8 Step 4/5', '1 Step 5/5']);
    expect(changes).toEqual({ tools: 5, prompts: 5, resources: 5 });
    const step = ['prompts/list_changed', 'resources/list_changed', 'tools/list_changed', 'progress'];
    const expected = isModern
      ? Array.from({ length: 5 }, () => step).flat()
      : ['message', ...Array.from({ length: 5 }, () => [...step, 'message']).flat()];
    expect(messages).toEqual(expected.map((method) => `notifications/${method}`));
    await session.disconnect();
  });
});

describe("the page on notifications of mcp-use for TypeScript, with this library's server", () => {
  it('sends custom notifications to all and to one, and has the roots and the list of sessions', async () => {
    const server = new MCPServer({ name: 'my-server', version: '1.0.0' });
    const sessions: ServerSession[] = [];
    let ended = 0;
    server.sessions$.subscribe((session) => {
      sessions.push(session);
      session.ended$.subscribe(() => ended++);
    });
    const served = await serve(server);
    const client = new MCPClient({
      mcpServers: {
        one: { url: served.url.href, roots: [{ uri: 'file:///workspace', name: 'Workspace' }] },
        two: { url: served.url.href },
      },
    });
    const received: string[] = [];
    client.notifications$.subscribe(({ server, notification }) => received.push(`${server} ${notification.method}`));
    await client.createSession('one');
    await client.createSession('two');
    expect(sessions).toHaveLength(2);

    const roots: string[][] = [];
    const second = firstValueFrom(
      sessions[0]!.roots$.pipe(
        map((list) => list.map(({ uri }) => uri)),
        filter((list) => (roots.push(list), roots.length === 2)),
      ),
    );
    await until(() => roots.length === 1, 'the first roots');
    await client.getSession('one')!.setRoots([{ uri: 'file:///home/user/project' }, { uri: 'file:///home/user/data' }]);
    expect(await second).toEqual(['file:///home/user/project', 'file:///home/user/data']);
    expect(roots[0]).toEqual(['file:///workspace']);

    const beats = firstValueFrom(
      client.session('one').notifications$.pipe(
        ofMethod('custom/heartbeat'),
        map(({ params }) => params),
      ),
    );
    await server.notify('custom/heartbeat', { count: 1 });
    expect(await beats).toEqual({ count: 1 });
    await sessions[1]!.notify('custom/user-joined', { username: 'ada' });
    await until(() => received.includes('two custom/user-joined'), 'a notification to one');
    expect(received).not.toContain('one custom/user-joined');
    await client.closeAllSessions();
    await until(() => ended === 2, 'the end of the sessions');
    await served.close();
  });
});
