import { expectTypeOf } from 'expect-type';
import { type CallEvent, MCPSession, type ReadResourceResult, type Result } from 'rx-mcp';
import { lastValueFrom, map, type Observable, toArray } from 'rxjs';
import { idle } from '../../rig/idle';
import { record } from '../../rig/record';
import { sdkServer, type SdkServer } from '../../rig/sdkServer';

describe('request$', () => {
  let server: SdkServer;
  let session: MCPSession;
  /** The number of requests that the server has cancelled. */
  let givenUp: number;

  beforeEach(async () => {
    givenUp = 0;
    server = sdkServer({}, (sdk) => {
      sdk.fallbackRequestHandler = async ({ method, params }, { sendNotification, signal }) => {
        signal.addEventListener('abort', () => givenUp++);
        for (let progress = 1; progress <= 2; progress++) {
          const progressToken = params?._meta?.progressToken ?? '';
          await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } });
        }
        return method === 'custom/endless' ? new Promise<never>(() => {}) : { method, a: params?.a };
      };
    });
    session = new MCPSession(server.connector());
    await session.connect();
  });
  afterEach(() => session.disconnect());

  it('emits progress, then the result, and completes', async () => {
    const events$ = session.request$('custom/sum', { a: 1 }).pipe(
      map((event) => (event.kind === 'progress' ? event.progress : event.kind === 'result' && event.result)),
      toArray(),
    );

    expect(await lastValueFrom(events$)).toEqual([1, 2, { method: 'custom/sum', a: 1 }]);
  });

  it('sends one request per subscriber, and nothing before subscription', async () => {
    const request$ = session.request$('custom/sum');
    await session.ping();
    expect(server.count('custom/sum')).toBe(0);

    await Promise.all([lastValueFrom(request$), lastValueFrom(request$)]);

    expect(server.count('custom/sum')).toBe(2);
  });

  it('cancels once on the server when unsubscribed before the result', async () => {
    const endless = record(session.request$('custom/endless'));
    await endless.nth(2);

    endless.stop();
    endless.stop();
    await idle();

    expect([server.count('notifications/cancelled'), givenUp]).toEqual([1, 1]);
  });

  it('does not cancel a settled request', async () => {
    const controller = new AbortController();
    const request = record(session.request$('custom/sum', {}, { signal: controller.signal }));
    await request.ended;

    request.stop();
    controller.abort();
    await idle();

    expect([server.count('notifications/cancelled'), givenUp]).toEqual([0, 0]);
  });

  it('types the result by method', () => {
    expectTypeOf(session.request$('resources/read')).toEqualTypeOf<Observable<CallEvent<ReadResourceResult>>>();
    expectTypeOf(session.request$('custom/sum')).toEqualTypeOf<Observable<CallEvent<Result>>>();
  });
});
