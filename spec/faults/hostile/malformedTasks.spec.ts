import type { SessionOptions } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { record } from '../../rig/record';
import { useStage } from '../../rig/useStage';
import { give, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const built = { content: [{ type: 'text', text: 'built' }] };
const dates = { createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' };
const working = { taskId: 't', status: 'working', ttl: 60_000, pollInterval: 100, ...dates };

interface Results {
  /** The response to the tool call. Default: a task. */
  call?: object;
  /** The results of `tasks/get`, before the task is completed. */
  states?: object[];
  /** The result of `tasks/result`, or `undefined` for no response. */
  result?: object | undefined;
}

/** Connects a session to a server that runs each tool call as a task. */
async function connect(results: Results, options?: SessionOptions) {
  const { call = { task: working }, states = [] } = results;
  const result = 'result' in results ? results.result : built;
  const cancelled$ = new ReplaySubject<void>(1);
  const server = await stage.server((incoming) => {
    switch (incoming.kind) {
      case 'tools/call':
        return give(incoming, call);
      case 'tasks/get':
        return give(incoming, states.shift() ?? { ...working, status: 'completed' });
      case 'tasks/cancel':
        cancelled$.next();
        return give(incoming, {});
      case 'tasks/result':
        return result === undefined || give(incoming, result);
      default:
        return false;
    }
  });
  const watched = stage.session(server, {}, options);
  await watched.session.connect();
  return { ...watched, server, cancelled: () => firstValueFrom(cancelled$) };
}

const invalid = (...path: string[]) => ({ name: 'InvalidResultError', issues: [{ path }] });

describe('a response to a tool call with a malformed task', () => {
  it.each<[object, string[]]>([
    [{ task: {} }, ['task', 'taskId']],
    [{ task: { ...working, taskId: 7 } }, ['task', 'taskId']],
    [{ resultType: 'task', status: 'working' }, ['taskId']],
  ])('fails the call (%j)', async (call, path) => {
    const { session } = await connect({ call });
    await expect(session.callTool('build')).rejects.toMatchObject({ ...invalid(...path), result: call });
  });

  it('is the result if it has content', async () => {
    const call = { task: { name: 'not a task' }, ...built };
    const { session } = await connect({ call });
    await expect(session.callTool('build')).resolves.toEqual(call);
  });

  it.each([undefined, null, 'queued'])('is followed if only the status is wrong (%j)', async (status) => {
    const { session } = await connect({ call: { task: { ...working, status } } });
    const call = record(session.callTool$('build'));
    await call.ended;
    expect(call.values).toMatchObject([
      { kind: 'task', task: { taskId: 't', status: 'working' } },
      { kind: 'task', task: { taskId: 't', status: 'completed' } },
      { kind: 'result', result: built },
    ]);
  });

  it.each([null, -1, '5', {}])('has no durations if they are %j', async (duration) => {
    const { session } = await connect({ call: { task: { ...working, ttl: duration, pollInterval: duration } } });
    const call = record(session.callTool$('build'));
    await call.ended;
    expect(call.values[0]).toEqual({ kind: 'task', task: { taskId: 't', status: 'working', ttl: null, ...dates } });
    expect(call.values.at(-1)).toMatchObject({ kind: 'result', result: built });
  });

  it('is polled after at most five minutes', async () => {
    const { scheduler, advance } = virtualTime();
    const { session, server } = await connect({ call: { task: { ...working, pollInterval: 1e12 } } }, { scheduler });
    const call = record(session.callTool$('build'));
    await call.nth(1);

    await advance(299_000);
    expect(server.requestCounts['tasks/get']).toBeUndefined();
    await advance(1_000);

    await call.ended;
    expect(call.values.at(-1)).toMatchObject({ kind: 'result', result: built });
  });
});

describe('a malformed state of a task', () => {
  it.each<[object, string]>([
    [{}, 'status'],
    [{ ...working, status: null }, 'status'],
    [{ ...working, status: 7 }, 'status'],
    [{ ...working, taskId: 'other' }, 'taskId'],
  ])('fails the call, and cancels the task (%j)', async (state, path) => {
    const { session, server, cancelled } = await connect({ states: [state] });

    await expect(session.callTool('build')).rejects.toMatchObject({ ...invalid(path), result: state });

    await cancelled();
    expect(server.requestCounts['tasks/cancel']).toBe(1);
  });

  it('is reported once and polled again if the status is unknown', async () => {
    const paused = { ...working, status: 'paused' };
    const { session, errors } = await connect({ states: [paused, paused] });
    const call = record(session.callTool$('build'));
    await call.ended;
    expect(call.values.map((event) => (event.kind === 'task' ? event.task.status : event.kind))).toEqual([
      'working',
      'completed',
      'result',
    ]);
    expect(errors).toMatchObject([{ ...invalid('status'), result: paused }]);
  });
});

describe('a malformed result of a task', () => {
  it.each<[object, object]>([
    [{}, { content: [] }],
    [
      { content: null, structuredContent: { n: 1 } },
      { content: [], structuredContent: { n: 1 } },
    ],
  ])('has no content if that is missing (%j)', async (result, delivered) => {
    const { session } = await connect({ result });
    await expect(session.callTool('build')).resolves.toEqual(delivered);
  });

  it('fails the call if the content is not an array', async () => {
    const { session, server } = await connect({ result: { content: 'built' } });
    await expect(session.callTool('build')).rejects.toMatchObject(invalid('content'));
    expect(server.requestCounts['tasks/cancel']).toBeUndefined();
  });

  it('is delivered without invalid items, which are reported', async () => {
    const { session, errors } = await connect({ result: { content: [{ type: 'text' }, ...built.content] } });
    await expect(session.callTool('build')).resolves.toEqual(built);
    expect(errors).toMatchObject([{ name: 'InvalidResultError', issues: [{ path: ['content', 0, 'text'] }] }]);
  });

  it('fails the call after its timeout if the server does not send it', async () => {
    const { session } = await connect({ result: undefined }, { timeout: 500 });
    await expect(session.callTool('build')).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 500 });
  });
});
