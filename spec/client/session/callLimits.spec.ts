import {
  type CallOptions,
  ConnectionLostError,
  type MCPSession,
  RequestCancelledError,
  RequestTimeoutError,
  type SessionOptions,
} from 'rx-mcp';
import { virtualTime, type VirtualTime } from 'rx-mcp/testing';
import { filter, firstValueFrom, type SchedulerLike } from 'rxjs';
import { openSession } from '../../rig/openSession';
import { record, type Recording } from '../../rig/record';
import { type FaultServer, startFaultServer } from '../../rig/startFaultServer';

describe('timeouts of calls', () => {
  let server: FaultServer;
  let session: MCPSession;
  let scheduler: SchedulerLike;
  let advance: VirtualTime['advance'];

  const connect = async (options?: SessionOptions): Promise<void> => {
    ({ scheduler, advance } = virtualTime());
    ({ session } = openSession(server.url, { scheduler, ...options }));
    await session.connect();
  };
  /** Starts a call that the server does not answer. Resolves when the server has received it. */
  const begin = async (options: CallOptions): Promise<Recording<unknown>> => {
    const call = record(session.callTool$('gate', {}, { progressToken: 'mine', ...options }));
    await server.waitFor({ type: 'held', name: 'gate' });
    return call;
  };
  /** Resolves when the call has received its nth progress. */
  const progress = async (call: Recording<unknown>, n: number): Promise<void> => {
    await server.notify('notifications/progress', { progressToken: 'mine', progress: n });
    expect(await call.nth(n)).toMatchObject({ progress: n });
  };
  const isCancelled = async (): Promise<void> => {
    const { id } = await server.waitFor({ type: 'tool-cancelled', name: 'gate' });
    expect((await server.counts()).cancelled).toEqual([id]);
  };
  const away = (): Promise<unknown> =>
    firstValueFrom(session.status$.pipe(filter(({ state }) => state === 'reconnecting')));

  beforeEach(async () => {
    server = await startFaultServer();
  });
  afterEach(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('rejects after `timeout` without a response, not earlier', async () => {
    await connect();
    const call = await begin({ timeout: 1_000 });

    await advance(999);
    await progress(call, 1);
    await advance(1_000);

    const failure = await call.ended.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RequestTimeoutError);
    expect(failure).toMatchObject({
      timeout: 1_000,
      message: 'tools/call "gate": timed out after 1000 ms (no response)',
      retryable: true,
    });
    await isCancelled();
  });

  it('restarts `timeout` with each progress notification', async () => {
    await connect({ timeout: 1_000 });
    const call = await begin({});

    for (let n = 1; n <= 5; n++) {
      await advance(900);
      await progress(call, n);
    }
    await server.release();

    expect(await call.nth(6)).toMatchObject({ kind: 'result' });
  });

  it('rejects after `maxTotalTimeout` despite progress', async () => {
    await connect();
    const call = await begin({ timeout: 1_000, maxTotalTimeout: 2_500 });

    for (const n of [1, 2, 3]) {
      await advance(800);
      await progress(call, n);
    }
    // 2,400 ms have passed. No further event is needed for the limit to apply.
    await advance(100);

    const failure = await call.ended.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RequestTimeoutError);
    expect(failure).toMatchObject({
      timeout: 2_500,
      message: 'tools/call "gate": timed out after 2500 ms (no result)',
    });
    await isCancelled();
  });

  it('defaults to the timeout of the session, then to 60 seconds', async () => {
    await connect();
    const call = await begin({});

    await advance(60_000);

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 60_000 });
  });

  it('never rejects with an infinite timeout', async () => {
    await connect();
    const call = await begin({ timeout: Infinity });

    await advance(2 ** 40);
    await server.release();

    expect(await call.nth(1)).toMatchObject({ kind: 'result' });
  });

  it('counts the wait for a connection', async () => {
    await connect();
    await server.kill();
    await firstValueFrom(session.status$.pipe(filter((status) => 'listening' in status && !status.listening)));
    // The stream is reopened immediately, which fails. After that, only time passes.
    await advance(0);
    await away();
    const call = record(session.callTool$('echo', {}, { timeout: 300 }));
    const other = record(session.callTool$('echo', {}, { maxTotalTimeout: 200 }));

    await advance(200);
    await expect(other.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 200 });
    await advance(100);

    await expect(call.ended).rejects.toMatchObject({ name: 'RequestTimeoutError', timeout: 300 });
  });

  it('sends a call once a connection is available', async () => {
    ({ session } = openSession(server.url));
    await session.connect();
    await server.kill();
    await away();
    const call = record(session.callTool$('work', { steps: 1 }));

    await server.restart();

    expect(await call.nth(2)).toMatchObject({ kind: 'result' });
    await call.ended;
    expect((await server.counts()).messages['tools/call']).toBe(1);
  });

  it("rejects immediately without a connection, with offline: 'fail'", async () => {
    ({ session } = openSession(server.url, { offline: 'fail' }));
    await session.connect();
    await server.kill();
    await away();

    await expect(session.callTool('echo')).rejects.toBeInstanceOf(ConnectionLostError);
  });

  it('rejects when the signal aborts, and cancels once on the server', async () => {
    await connect();
    const controller = new AbortController();
    const call = await begin({ signal: controller.signal });

    controller.abort(new Error('enough'));

    const failure = await call.ended.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RequestCancelledError);
    expect(failure).toMatchObject({ cause: new Error('enough') });
    await isCancelled();
  });

  it('rejects immediately with an aborted signal', async () => {
    await connect();

    const call = session.callTool('echo', {}, { signal: AbortSignal.abort() });

    await expect(call).rejects.toBeInstanceOf(RequestCancelledError);
    await session.ping();
    expect((await server.counts()).messages).not.toHaveProperty('tools/call');
  });
});
