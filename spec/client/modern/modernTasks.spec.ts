import { HttpConnector, MCPSession, type CallEvent, type SessionOptions } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { record } from '../../rig/record';
import { type ModernTaskServer, startModernTaskServer } from './startTaskServer';

const extensionKey = 'io.modelcontextprotocol/tasks';
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const result = { content: [{ type: 'text', text: 'built' }], structuredContent: { ok: true } };
const question = {
  method: 'elicitation/create',
  params: { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } },
};

let server: ModernTaskServer;
let session: MCPSession;

async function connect(options?: SessionOptions): Promise<void> {
  const engine = modern({ negotiation: 'modern' });
  session = new MCPSession(
    new HttpConnector(server.url, { engine, reconnect: { initialDelay: 1, maxDelay: 1 } }),
    options,
  );
  await session.connect();
}

beforeEach(async () => {
  server = await startModernTaskServer();
});

afterEach(async () => {
  await session.disconnect();
  await server.close();
});

const kindsOf = (events: readonly CallEvent<unknown>[]): string[] =>
  events.map((event) => (event.kind === 'task' ? event.task.status : event.kind));
const methods = (): string[] => server.received.map(({ method }) => method);

describe('a tool call that returns a task in protocol 2026-07-28', () => {
  it('emits the states of the task, then the result', async () => {
    await connect();
    const call = record(session.callTool$('build', {}, { task: { ttl: 1 } }));

    expect(await call.nth(1)).toEqual({
      kind: 'task',
      task: {
        taskId: expect.any(String),
        status: 'working',
        createdAt: expect.any(String),
        lastUpdatedAt: expect.any(String),
        ttl: null,
        pollInterval: 100,
      },
    });
    await server.until('tasks/get');
    server.set({ status: 'completed', result });
    await call.ended;

    expect(kindsOf(call.values)).toEqual(['working', 'completed', 'result']);
    expect(call.values.at(-1)).toEqual({ kind: 'result', result });
    expect(methods()).not.toContain('tasks/cancel');
  });

  it('declares the extension only in the call and in requests of the task', async () => {
    await connect();
    await session.ping();
    const called = session.callTool('build', {}, { task: {} });
    const { params, headers } = await server.until('tasks/get');
    server.set({ status: 'completed', result });
    await called;

    const declared = server.received.filter(({ params: { _meta } }) =>
      JSON.stringify((_meta as Record<string, unknown>)[capabilitiesKey]).includes(extensionKey),
    );
    expect(new Set(declared.map(({ method }) => method))).toEqual(new Set(['tools/call', 'tasks/get']));
    expect(headers['mcp-name']).toBe(params['taskId']);
    const [call] = server.received.filter(({ method }) => method === 'tools/call');
    expect(call!.params).not.toHaveProperty('task');
    expect(call!.params).toHaveProperty(['_meta', capabilitiesKey, 'roots']);
  });

  it('is cancelled once on the server when it is unsubscribed', async () => {
    await connect();
    const call = record(session.callTool$('build'));
    await call.nth(1);

    call.stop();
    const { params } = await server.until('tasks/cancel');
    await session.ping();

    expect(params).toMatchObject({ taskId: expect.any(String) });
    expect(methods().filter((method) => method === 'tasks/cancel')).toHaveLength(1);
    expect(methods()).not.toContain('notifications/cancelled');
  });

  it('answers each request of the task once, and continues', async () => {
    session = new MCPSession(new HttpConnector(server.url, { engine: modern() }));
    let handled = 0;
    session.handle('elicitation/create', () => ({ action: 'accept', content: { name: `Luca ${++handled}` } }));
    await session.connect();
    const call = record(session.callTool$('build'));
    await call.nth(1);
    server.set({ status: 'input_required', inputRequests: { who: question } });
    const { params } = await server.until('tasks/update');
    server.set({ status: 'input_required', inputRequests: { who: question }, statusMessage: 'still' });
    const polls = methods().filter((method) => method === 'tasks/get').length;
    await server.until('tasks/get', polls + 2);
    server.set({ status: 'completed', result });
    await call.ended;

    expect(params['inputResponses']).toEqual({ who: { action: 'accept', content: { name: 'Luca 1' } } });
    expect(handled).toBe(1);
    expect(kindsOf(call.values)).toEqual(expect.arrayContaining(['working', 'input_required', 'completed', 'result']));
  });

  it('fails and cancels the task if a request of the task cannot be answered', async () => {
    await connect({ capabilities: { elicitation: {} } });
    const call = record(session.callTool$('build'));
    await call.nth(1);
    server.set({ status: 'input_required', inputRequests: { who: question } });

    await expect(call.ended).rejects.toMatchObject({ name: 'HandlerError', cause: { code: -32601 } });
    await server.until('tasks/cancel');
  });

  it('fails with the error of a failed task', async () => {
    await connect();
    const call = record(session.callTool$('build'));
    await call.nth(1);
    server.set({ status: 'failed', error: { code: -32603, message: 'API rate limit exceeded', data: { after: 5 } } });

    await expect(call.ended).rejects.toMatchObject({ name: 'ServerError', code: -32603, data: { after: 5 } });
    expect(kindsOf(call.values)).toEqual(['working', 'failed']);
    expect(methods()).not.toContain('tasks/cancel');
  });

  it('fails if the server cancels or forgets the task', async () => {
    await connect();
    const cancelled = record(session.callTool$('build'));
    await cancelled.nth(1);
    server.set({ status: 'cancelled', statusMessage: 'by the operator' });
    await expect(cancelled.ended).rejects.toThrow('cancelled (by the operator)');

    const forgotten = record(session.callTool$('build'));
    await forgotten.nth(1);
    server.forget();
    await expect(forgotten.ended).rejects.toMatchObject({ name: 'ServerError', code: -32602 });
    expect(methods()).not.toContain('tasks/cancel');
  });

  it('continues after an outage of the server', async () => {
    await connect();
    const call = record(session.callTool$('build'));
    await call.nth(1);
    const { port } = server;

    await server.close();
    server = await startModernTaskServer(port);
    // The new process reads the task from a store.
    const { taskId } = (call.values[0] as { task: { taskId: string } }).task;
    server.set({ taskId, status: 'completed', result });
    await call.ended;

    expect(call.values.at(-1)).toMatchObject({ kind: 'result', result });
  });

  it('validates the result against the output schema of the tool, depending on validateOutput', async () => {
    await connect();
    await session.listTools();
    const wrong = { ...result, structuredContent: { ok: 'yes' } };
    const outcome = async (validateOutput?: boolean | 'report'): Promise<unknown> => {
      const call = record(session.callTool$('build', {}, { validateOutput }));
      await call.nth(1);
      server.set({ status: 'completed', result: wrong });
      return call.ended;
    };

    await expect(outcome()).rejects.toMatchObject({ name: 'InvalidResultError', result: wrong });
    await expect(outcome(false)).resolves.toMatchObject({ result: wrong });
  });

  it('fails with an InvalidResultError for a request that does not support tasks', async () => {
    await connect();

    await expect(session.request('tools/call', { name: 'build', arguments: {} })).rejects.toMatchObject({
      name: 'InvalidResultError',
      result: { resultType: 'task' },
    });
  });
});
