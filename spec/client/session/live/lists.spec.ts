import type { MCPSession } from 'rx-mcp';
import { filter, firstValueFrom, map } from 'rxjs';
import { type FaultServer, startFaultServer } from '../../../rig/startFaultServer';
import { startTcpProxy } from '../../../rig/startTcpProxy';
import { openSession } from '../../../rig/openSession';
import { record, type Recording } from '../../../rig/record';

const names = (items: readonly { name: string }[]): string[] => items.map(({ name }) => name);

describe('live lists', () => {
  let server: FaultServer;
  let session: MCPSession;
  let errors: Recording<Error>;

  const fetches = async (method = 'tools/list'): Promise<number> => (await server.counts()).messages[method] ?? 0;
  const tools$ = () => session.tools$.pipe(map(names));

  beforeEach(async () => {
    server = await startFaultServer({
      pageSize: 2,
      tools: ['t1', 't2', 't3', 't4', 't5'],
      prompts: ['p1', 'p2', 'p3'],
      resources: ['fault://a', 'fault://b', 'fault://c'],
    });
    ({ session } = openSession(server.url));
    errors = record(session.errors$);
  });
  afterEach(async () => {
    await session.disconnect();
    await server.stop();
  });

  it('are complete and frozen', async () => {
    await session.connect();

    const tools = await firstValueFrom(session.tools$);

    expect(names(tools)).toEqual(['t1', 't2', 't3', 't4', 't5']);
    expect(Object.isFrozen(tools)).toBe(true);
    expect(await firstValueFrom(session.prompts$.pipe(map(names)))).toEqual(['p1', 'p2', 'p3']);
    expect(await firstValueFrom(session.resources$.pipe(map(names)))).toEqual(['fault://a', 'fault://b', 'fault://c']);
    expect(await firstValueFrom(session.resourceTemplates$.pipe(map(names)))).toEqual(['any']);
  });

  it('wait for the connection', async () => {
    const tools = record(tools$());

    await session.connect();

    expect(await tools.nth(1)).toHaveLength(5);
    tools.stop();
  });

  it('emit a new list after each change of their kind', async () => {
    await session.connect();
    const lists = record(session.tools$);
    const prompts = record(session.prompts$.pipe(map(names)));
    const resources = record(session.resources$.pipe(map(names)));
    const first = await lists.nth(1);
    await Promise.all([prompts.nth(1), resources.nth(1)]);

    await server.setTools(['x']);
    const second = await lists.nth(2);
    await server.setPrompts(['y']);
    await server.setResources(['fault://z']);

    expect(names(second)).toEqual(['x']);
    expect(first).toHaveLength(5);
    expect(await prompts.nth(2)).toEqual(['y']);
    expect(await resources.nth(2)).toEqual(['fault://z']);
    // Unchanged lists were not refetched.
    expect([lists.values.length, prompts.values.length, resources.values.length]).toEqual([2, 2, 2]);
    for (const list of [lists, prompts, resources]) list.stop();
  });

  it('refetch templates on changes of resources', async () => {
    await session.connect();
    const templates = record(session.resourceTemplates$);
    await templates.nth(1);

    await server.setResources(['fault://z']);
    await templates.nth(2);

    expect(await fetches('resources/templates/list')).toBe(2);
    templates.stop();
  });

  it('are fetched once for all subscribers, and not without any', async () => {
    await session.connect();
    await server.setTools(['t1', 't2']);
    await session.ping();
    expect(await fetches()).toBe(0);

    const lists = Array.from({ length: 50 }, () => record(tools$()));
    expect(await Promise.all(lists.map((list) => list.nth(1)))).toEqual(Array(50).fill(['t1', 't2']));
    expect(await fetches()).toBe(1);

    for (const list of lists) list.stop();
    await server.setTools(['t3']);
    await session.ping();
    expect(await fetches()).toBe(1);
  });

  it('emit the current list to late subscribers', async () => {
    await session.connect();
    const early = record(tools$());
    await early.nth(1);

    const late = record(tools$());

    expect(late.values).toEqual([['t1', 't2', 't3', 't4', 't5']]);
    expect(await fetches()).toBe(3);
    for (const list of [early, late]) list.stop();
  });

  it('are discarded with the last subscriber', async () => {
    await session.connect();
    await firstValueFrom(session.tools$);
    await server.setTools(['new'], { silent: true });

    const again = record(tools$());

    expect(again.values).toEqual([]);
    expect(await again.nth(1)).toEqual(['new']);
    again.stop();
  });

  it('cost two fetches per burst of changes', async () => {
    await server.setTools(['t0']);
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    await server.hold('tools/list');

    for (let n = 1; n <= 50; n++) await server.setTools([`t${n}`]);
    await server.waitFor({ type: 'held', name: 'tools/list' });
    // All changes have arrived once this notification has, because it was sent after them.
    const sent = firstValueFrom(session.notifications$.pipe(filter(({ method }) => method === 'custom/last')));
    await server.notify('custom/last');
    await sent;
    await server.release('tools/list');

    expect(await lists.nth(3)).toEqual(['t50']);
    await session.ping();
    expect(await fetches()).toBe(3);
    expect(lists.values).toHaveLength(3);
    lists.stop();
  });

  it('keep the last list, report once and retry when a fetch fails', async () => {
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    await server.answerPost(500, { times: 2, method: 'tools/list' });

    await server.setTools(['new']);
    const late = record(tools$());

    expect(await errors.nth(1)).toMatchObject({ name: 'ConnectionFailedError', status: 500 });
    expect(late.values).toEqual([['t1', 't2', 't3', 't4', 't5']]);
    expect(await lists.nth(2)).toEqual(['new']);
    expect(errors.values).toHaveLength(1);
    expect(await fetches()).toBe(6);
    for (const list of [lists, late]) list.stop();
  });

  it('are fetched once after a reconnection with a gap', async () => {
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    const gap = firstValueFrom(session.gaps$);

    await server.restart({ tools: ['after'] });

    expect(await lists.nth(2)).toEqual(['after']);
    await gap;
    await session.ping();
    expect(await fetches()).toBe(4);
    expect(lists.values).toHaveLength(2);
    lists.stop();
  });

  it('are fetched after a gap on the same connection', async () => {
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    await server.setTools(['silent'], { silent: true });

    await server.resetGet();

    expect(await lists.nth(2)).toEqual(['silent']);
    expect((await server.counts()).sessionsOpened).toBe(1);
    lists.stop();
  });

  it('wait through an outage without reporting an error', async () => {
    const proxy = await startTcpProxy({ port: server.port });
    ({ session } = openSession(proxy.url(), { timeout: 1_000, offline: 'fail' }));
    const faults = record(session.errors$);
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    await proxy.refuse(true);
    proxy.reset();
    // By then, the delays between attempts are longer than the timeout of a call.
    await firstValueFrom(
      session.status$.pipe(filter((status) => status.state === 'reconnecting' && status.attempt > 24)),
    );

    await server.setTools(['after'], { silent: true });
    await proxy.refuse(false);

    expect(await lists.nth(2)).toEqual(['after']);
    // The session itself reports that there is no connection.
    const ofSession = ['ConnectionFailedError', 'SessionExpiredError'];
    expect(faults.values.filter(({ name }) => !ofSession.includes(name))).toEqual([]);
    lists.stop();
    await session.disconnect();
    await proxy.close();
  });

  it('cancel a fetch without subscribers', async () => {
    await session.connect();
    await server.hold('tools/list');
    const list = record(tools$());
    await server.waitFor({ type: 'held', name: 'tools/list' });

    list.stop();

    expect((await server.until(({ cancelled }) => cancelled.length > 0)).cancelled).toHaveLength(1);
  });

  it('complete with the session, and without a value afterwards', async () => {
    await session.connect();
    const lists = record(tools$());
    await lists.nth(1);
    const ends: string[] = [];

    await Promise.all([
      session.disconnect().then(() => ends.push('session')),
      lists.ended.then(() => ends.push('list')),
    ]);

    expect(ends).toEqual(['list', 'session']);
    const late = record(tools$());
    await late.ended;
    expect(late.values).toEqual([]);
    expect(errors.values).toEqual([]);
  });
});
