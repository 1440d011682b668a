import type { SessionStatus } from 'rx-mcp';
import { filter, firstValueFrom } from 'rxjs';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const brief = (statuses: SessionStatus[]): string[] =>
  statuses.map((status) => (status.state === 'connected' ? `connected, ${listening(status)}` : status.state));
const listening = (status: { listening: boolean }): string => (status.listening ? 'listening' : 'not listening');
const reopening = ['idle', 'connecting', 'connected, listening', 'connected, not listening', 'connected, listening'];

describe('a listening stream that drops', () => {
  it.each(['endGet', 'resetGet'] as const)(
    'is reopened immediately, with listening: false in between (%s)',
    async (drop) => {
      const server = await stage.server();
      const { statuses, errors, gaps, receives, until } = await stage.connected(server.url);
      await server.notifyMany(1);
      await receives(1);

      await server[drop]();
      await until(({ gaps }) => gaps.length > 0);
      await server.notifyMany(1, 'custom/tick', { from: 2 });
      await receives(2);

      expect(brief(statuses)).toEqual(reopening);
      expect(gaps).toHaveLength(1);
      expect(gaps[0]).toMatchObject({ cause: { name: 'ConnectionLostError', retryable: true } });
      expect(errors).toEqual([]);
      expect(await server.counts()).toMatchObject({ sessionsOpened: 1, requests: { GET: 2 }, getStreams: 1 });
    },
  );

  it('makes live views refetch', async () => {
    const server = await stage.server({ tools: ['old'] });
    const proxy = await stage.proxy(server);
    const { session, gaps, until, listens } = await stage.connected(proxy.url());
    const lists: string[][] = [];
    session.tools$.subscribe((tools) => lists.push(tools.map(({ name }) => name)));
    await server.until(({ messages }) => messages['tools/list'] === 1);
    await session.ping();

    await proxy.refuse('reset');
    proxy.reset({ method: 'GET' });
    await server.waitFor({ type: 'stream-closed', method: 'GET' });
    await server.setTools(['new']);
    await proxy.refuse(false);
    await until(({ gaps }) => gaps.length > 0);
    await listens();
    await firstValueFrom(session.tools$.pipe(filter(([tool]) => tool?.name === 'new')));

    expect(gaps).toHaveLength(1);
    expect(lists).toEqual([['old'], ['new']]);
    expect((await server.counts()).messages).toMatchObject({ 'tools/list': 2 });
  });

  it('is not resumed before its first event id, which is a gap', async () => {
    const server = await stage.server({ eventStore: 'correct' });
    const { ticks, gaps, receives, until } = await stage.connected(server.url);

    await Promise.all([server.resetGet(), server.notifyMany(1)]);
    await until(({ gaps }) => gaps.length > 0);
    await server.notifyMany(1, 'custom/tick', { from: 2 });
    await receives(2);

    expect(ticks).toEqual([2]);
    expect(gaps).toHaveLength(1);
  });

  it('is one gap each time if it drops repeatedly', async () => {
    const server = await stage.server();
    const { ticks, gaps, errors, receives, until } = await stage.connected(server.url, {
      reconnect: { stableAfter: 1 },
    });

    for (const n of [1, 2, 3, 4, 5]) {
      await server.notifyMany(1, 'custom/tick', { from: n });
      await receives(n);
      await server.resetGet();
      await until(({ gaps }) => gaps.length === n);
    }

    expect(ticks).toEqual([1, 2, 3, 4, 5]);
    expect(gaps).toHaveLength(5);
    for (const [index, { since, until: end }] of gaps.entries()) {
      expect(end).toBeGreaterThanOrEqual(since);
      expect(since).toBeGreaterThanOrEqual(gaps[index - 1]?.until ?? 0);
    }
    expect(errors).toEqual([]);
  });
});
