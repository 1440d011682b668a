import { expectTypeOf } from 'expect-type';
import { InvalidNotificationError, type MCPSession, ofMethod } from 'rx-mcp';
import { firstValueFrom } from 'rxjs';
import { type FaultServer, startFaultServer } from '../../../rig/startFaultServer';
import { openSession } from '../../../rig/openSession';
import { record } from '../../../rig/record';

const status = {
  taskId: 'task-1',
  status: 'working',
  ttl: null,
  createdAt: '2026-01-01T00:00:00Z',
  lastUpdatedAt: '2026-01-01T00:00:01Z',
  statusMessage: 'half of it',
};

describe('notifications of tasks and elicitations', () => {
  let server: FaultServer;
  let session: MCPSession;

  beforeAll(async () => {
    server = await startFaultServer();
    // The server notifies of an elicitation only clients that can open a URL.
    ({ session } = openSession(server.url, { capabilities: { elicitation: { url: {} } } }));
    await session.connect();
  });
  afterAll(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('are typed and routed: tasks/status', async () => {
    const task$ = session.notifications$.pipe(ofMethod('notifications/tasks/status'));
    const received = firstValueFrom(task$);

    await server.notify('notifications/elicitation/complete', { elicitationId: 'other' });
    await server.notify('notifications/tasks/status', status);

    const { params } = await received;
    expect(params).toEqual(status);
    expectTypeOf(params.taskId).toEqualTypeOf<string>();
    expectTypeOf(params.status).toEqualTypeOf<'working' | 'input_required' | 'completed' | 'failed' | 'cancelled'>();
    expectTypeOf(params.ttl).toEqualTypeOf<number | null>();
    expectTypeOf(params.statusMessage).toEqualTypeOf<string | undefined>();
  });

  it('are typed and routed: elicitation/complete', async () => {
    const complete$ = session.notifications$.pipe(ofMethod('notifications/elicitation/complete'));
    const received = firstValueFrom(complete$);

    await server.notify('notifications/tasks/status', status);
    await server.notify('notifications/elicitation/complete', { elicitationId: 'e-1' });

    const { params } = await received;
    expect(params).toEqual({ elicitationId: 'e-1' });
    expectTypeOf(params.elicitationId).toEqualTypeOf<string>();
  });

  it.each([
    ['notifications/tasks/status', { ...status, status: 'lost' }, ['status']],
    ['notifications/tasks/status', { ...status, taskId: undefined }, ['taskId']],
    ['notifications/elicitation/complete', { elicitationId: 1 }, ['elicitationId']],
  ] as const)('are reported on errors$ with invalid params: %s', async (method, params, path) => {
    const received = record(session.notifications$.pipe(ofMethod(method)));
    const raw = firstValueFrom(session.notifications$);
    const failed = firstValueFrom(session.errors$);

    await server.notify(method, params);

    const error = await failed;
    expect(error).toBeInstanceOf(InvalidNotificationError);
    expect(error).toMatchObject({ issues: [{ path }], notification: { method } });
    expect((await raw).method).toBe(method);
    expect(received.values).toEqual([]);
    received.stop();
  });
});
