import {
  type CallEvent,
  type CallToolResult,
  InvalidNotificationError,
  type MCPSession,
  progressOf,
  ServerError,
} from 'rx-mcp';
import { concat, firstValueFrom, lastValueFrom, map, merge, retry, Subject, switchMap, toArray } from 'rxjs';
import { useFaultSession } from '../../rig/useFaultSession';
import { record, type Recording } from '../../rig/record';
import type { FaultServer } from '../../rig/startFaultServer';

/** Formats an event. */
const brief = (event: CallEvent<CallToolResult>): unknown =>
  event.kind === 'progress' ? `${event.progress}/${event.total}` : event.kind === 'result' && event.result.content[0];

describe('callTool$', () => {
  let server: FaultServer;
  let session: MCPSession;
  let errors: Recording<Error>;

  useFaultSession((opened) => ({ server, session, errors } = opened));

  it('emits progress, then the result, and completes', async () => {
    const events = await lastValueFrom(session.callTool$('work', { steps: 3 }).pipe(map(brief), toArray()));

    expect(events).toEqual(['1/3', '2/3', '3/3', { type: 'text', text: '3 steps' }]);
    expect(errors.values).toEqual([]);
  });

  it('emits all members of a progress notification', async () => {
    expect(await firstValueFrom(session.callTool$('work', { steps: 1 }, { progressToken: 'mine' }))).toEqual({
      kind: 'progress',
      progressToken: 'mine',
      progress: 1,
      total: 1,
      message: 'step 1',
    });
  });

  it('makes one call per subscriber, and none without', async () => {
    const call$ = session.callTool$('work', { steps: 1 }).pipe(map(brief), toArray());
    await session.ping();
    expect((await server.counts()).messages['tools/call']).toBeUndefined();

    const both = await Promise.all([lastValueFrom(call$), lastValueFrom(call$)]);

    // Each call has its own token, so neither receives the progress of the other.
    expect(both).toEqual(Array(2).fill(['1/1', { type: 'text', text: '1 steps' }]));
    expect((await server.counts()).messages['tools/call']).toBe(2);
  });

  it('cancels once on the server when unsubscribed before the result', async () => {
    const subscription = session.callTool$('gate').subscribe();
    const { id } = await server.waitFor({ type: 'tool-started', name: 'gate' });

    subscription.unsubscribe();
    subscription.unsubscribe();
    await server.waitFor({ type: 'tool-cancelled', id });
    await session.ping();

    expect((await server.counts()).cancelled).toEqual([id]);
    expect(errors.values).toEqual([]);
  });

  it('does not cancel a settled call', async () => {
    const signal = new AbortController();
    const calls = [
      session.callTool$('work', { steps: 1 }, { signal: signal.signal }),
      session.callTool$('fail', {}, { signal: signal.signal }),
      session.callTool$('error', {}, { signal: signal.signal }),
    ].map((call$) => record(call$));
    await Promise.allSettled(calls.map(({ ended }) => ended));

    for (const call of calls) call.stop();
    signal.abort();
    await session.ping();

    const { cancelled, messages } = await server.counts();
    expect(messages['tools/call']).toBe(3);
    expect(cancelled).toEqual([]);
    expect(messages['notifications/cancelled']).toBeUndefined();
  });

  it('is cancelled by firstValueFrom after the first progress', async () => {
    // The gate never opens, so the first event is the only one.
    const first = firstValueFrom(session.callTool$('gate', {}, { progressToken: 'mine' }));
    const { id } = await server.waitFor({ type: 'tool-started', name: 'gate' });
    await server.notify('notifications/progress', { progressToken: 'mine', progress: 1 });

    expect(await first).toMatchObject({ kind: 'progress', progress: 1 });
    expect(await server.waitFor({ type: 'tool-cancelled' })).toMatchObject({ id });
  });

  it('resolves lastValueFrom with the result', async () => {
    expect(await lastValueFrom(session.callTool$('work', { steps: 2 }))).toMatchObject({ kind: 'result' });
  });

  it('is cancelled by switchMap for the next call', async () => {
    const names$ = new Subject<string>();
    const results = record(names$.pipe(switchMap((name) => session.callTool$(name, { name }))));
    names$.next('gate');
    const { id } = await server.waitFor({ type: 'tool-started', name: 'gate' });

    names$.next('echo');

    expect(await results.nth(1)).toMatchObject({ result: { content: [{ text: '{"name":"echo"}' }] } });
    await server.waitFor({ type: 'tool-cancelled', id });
    results.stop();
    expect((await server.counts()).cancelled).toEqual([id]);
  });

  it('is repeated by retry, with a new progress token', async () => {
    await server.answerPost(503, { times: 2, method: 'tools/call' });

    const events = await lastValueFrom(session.callTool$('work', { steps: 2 }).pipe(retry(2), map(brief), toArray()));

    expect(events).toEqual(['1/2', '2/2', { type: 'text', text: '2 steps' }]);
    const { messages, cancelled } = await server.counts();
    expect(messages['tools/call']).toBe(3);
    expect(cancelled).toEqual([]);
    const tokens = await Promise.all(
      [1, 2, 3].map(async (nth) => server.waitFor({ type: 'message', method: 'tools/call' }, { nth })),
    );
    expect(new Set(tokens.map(({ params }) => JSON.stringify(params))).size).toBe(3);
  });

  it('emits a result with isError: true as a result', async () => {
    expect(await lastValueFrom(session.callTool$('fail'))).toMatchObject({ kind: 'result', result: { isError: true } });
    expect(await session.callTool('fail')).toMatchObject({ isError: true });
  });

  it("errors with the server's error", async () => {
    const call = lastValueFrom(session.callTool$('error', { code: -32077, message: 'Not today', data: { until: 8 } }));

    await expect(call).rejects.toBeInstanceOf(ServerError);
    await expect(call).rejects.toMatchObject({ code: -32077, message: 'Not today', data: { until: 8 } });
  });

  it("uses the caller's progressToken, a string or a number", async () => {
    for (const progressToken of ['mine', 4_711]) {
      const elsewhere = record(session.notifications$.pipe(progressOf(progressToken)));

      await lastValueFrom(session.callTool$('work', { steps: 2 }, { progressToken }));

      expect(elsewhere.values.map(({ progress }) => progress)).toEqual([1, 2]);
      elsewhere.stop();
    }
    expect(errors.values).toEqual([]);
  });

  it("keeps the caller's _meta", async () => {
    await lastValueFrom(session.request$('tools/call', { name: 'echo', _meta: { trace: 'a' } }));

    expect(await server.waitFor({ type: 'message', method: 'tools/call' })).toMatchObject({
      params: { _meta: { trace: 'a', progressToken: expect.any(String) } },
    });
  });

  it("uses the progress token in the caller's _meta", async () => {
    const call$ = session.request$('tools/call', {
      name: 'work',
      arguments: { steps: 1 },
      _meta: { progressToken: 7 },
    });

    expect(await firstValueFrom(call$)).toMatchObject({ kind: 'progress', progressToken: 7 });
  });

  it('emits progress that does not increase, and reports it once per call', async () => {
    const args = { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 }, times: 3 };
    const call$ = session.callTool$('notify', args, { progressToken: 'mine' });
    const progress$ = call$.pipe(map((event) => (event.kind === 'progress' ? event.progress : event.kind)));

    expect(await lastValueFrom(progress$.pipe(toArray()))).toEqual([1, 1, 1, 'result']);

    expect(errors.values).toEqual([expect.any(InvalidNotificationError)]);
    expect(errors.values[0]).toMatchObject({
      message: 'notifications/progress: expected more than 1 at params.progress',
      notification: { method: 'notifications/progress', params: { progressToken: 'mine', progress: 1 } },
    });
    // The next call starts from 0.
    await lastValueFrom(concat(call$, call$));
    expect(errors.values).toHaveLength(3);
  });

  it('accepts successive calls with the same token', async () => {
    const call$ = session.callTool$('work', { steps: 2 }, { progressToken: 'mine' });

    const events = await lastValueFrom(
      concat(call$, call$).pipe(
        map(({ kind }) => kind),
        toArray(),
      ),
    );

    const one = ['progress', 'progress', 'result'];
    expect(events).toEqual([...one, ...one]);
    expect(errors.values).toEqual([]);
  });

  it('separates the progress of concurrent calls', async () => {
    const calls$ = [1, 2, 3, 4].map((steps) => session.callTool$('work', { steps }).pipe(map(brief), toArray()));

    const all = await lastValueFrom(merge(...calls$).pipe(toArray()));

    expect(all.map((events) => events.length).sort()).toEqual([2, 3, 4, 5]);
    for (const events of all) {
      const steps = events.length - 1;
      expect(events.slice(0, -1)).toEqual(Array.from({ length: steps }, (_, index) => `${index + 1}/${steps}`));
    }
  });

  it('ends with the session', async () => {
    const call = record(session.callTool$('gate'));
    await server.waitFor({ type: 'tool-started', name: 'gate' });

    await session.disconnect();

    await expect(call.ended).rejects.toMatchObject({ name: 'SessionClosedError' });
    await expect(lastValueFrom(session.callTool$('gate'))).rejects.toMatchObject({ name: 'SessionClosedError' });
  });
});
