import { setImmediate } from 'node:timers/promises';
import { forms } from './forms';
import { useStage } from '../../rig/useStage';

const stage = useStage();

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each(forms)('$form', ({ open }) => {
  const opened = async (url: string) => {
    const link = await open(url);
    stage.after(() => link.end());
    return link;
  };

  it('reconnects to a killed server once it is back', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { seen, until, call } = await opened(proxy.url());

    await server.kill();
    // Every attempt is a connection that fails.
    const attempts = proxy.accepted + 5;
    await new Promise<void>((resolve) => {
      proxy.accepted$.subscribe((accepted) => {
        if (accepted >= attempts) resolve();
      });
    });
    await server.restart();
    await until(({ connections }) => connections === 2);
    await server.notifyMany(1);
    await until(({ ticks }) => ticks.length > 0);

    expect(seen).toEqual({ ticks: [1], connections: 2, end: undefined });
    expect(await call('echo')).toMatchObject({ content: [{ text: '{}' }] });
    expect(await server.counts()).toMatchObject({ sessions: 1, getStreams: 1 });
  });

  it.each([404, 400] as const)('starts a new session on a server that forgot the old one (%d)', async (status) => {
    const server = await stage.server({ forgottenStatus: status });
    const { seen, until, call } = await opened(server.url);

    await server.forgetSessions();
    await until(({ connections }) => connections === 2);
    await server.notifyMany(1);
    await until(({ ticks }) => ticks.length > 0);

    expect(seen).toEqual({ ticks: [1], connections: 2, end: undefined });
    expect(await call('echo')).toMatchObject({ content: [{ text: '{}' }] });
    expect(await server.counts()).toMatchObject({ sessions: 1, sessionsOpened: 2, getStreams: 1 });
  });

  it('loses and duplicates nothing when a resumable stream drops', async () => {
    const server = await stage.server({ eventStore: 'inclusive' });
    const { seen, until } = await opened(server.url);
    await server.notifyMany(100);
    await until(({ ticks }) => ticks.includes(100));

    const dropped = server.resetGet();
    for (let from = 101; from <= 300; from += 10) await server.notifyMany(10, 'custom/tick', { from });
    await dropped;
    await until(({ ticks }) => ticks.includes(300));

    expect(seen).toEqual({ ticks: upTo(300), connections: 1, end: undefined });
  });

  it('continues with the reopened stream', async () => {
    const server = await stage.server();
    const { seen, until } = await opened(server.url);

    await server.endGet();
    await server.waitFor({ type: 'stream-open', method: 'GET' }, { nth: 2 });
    await server.notifyMany(1);
    await until(({ ticks }) => ticks.length > 0);

    expect(seen).toEqual({ ticks: [1], connections: 1, end: undefined });
  });

  it('ends the session on the server, then sends nothing', async () => {
    const server = await stage.server();
    const { seen, timers, end } = await opened(server.url);

    await end();
    await server.until(({ sessions, getStreams }) => sessions + getStreams === 0);
    const { requests } = await server.counts();

    expect(timers.pending).toBe(0);
    expect(requests).toMatchObject({ DELETE: 1 });
    expect((await server.counts()).requests).toEqual(requests);
    expect(seen.ticks).toEqual([]);
  });

  it('sends nothing after it ends between two attempts', async () => {
    const server = await stage.server();
    const proxy = await stage.proxy(server);
    const { timers, end } = await opened(proxy.url());
    const { requests } = await server.counts();

    await proxy.refuse('reset');
    proxy.reset();
    const { accepted } = proxy;
    await new Promise<void>((resolve) => {
      proxy.accepted$.subscribe((now) => {
        if (now >= accepted + 3) resolve();
      });
    });
    await end();
    await proxy.refuse(false);

    // Unsubscribing does not wait for the request that ends the session, so the timeout of that request may be pending.
    await turns(() => timers.pending === 0);
    // At most one request to end the session.
    const { DELETE = 0, ...rest } = (await server.counts()).requests;
    expect(rest).toEqual(requests);
    expect(DELETE).toBeLessThanOrEqual(1);
  });
});

describe('a rejection without credentials when the stream is reopened', () => {
  it("ends connect() with RxJS's retry", async () => {
    const server = await stage.server();
    const { seen, until } = await forms[1]!.open(server.url);

    await server.refuseGet(401);
    await server.endGet();
    await until(({ end }) => end !== undefined);

    expect(seen.end).toBe('UnauthorizedError');
  });

  it('makes a session open a new connection', async () => {
    const server = await stage.server();
    const { seen, until, end } = await forms[0]!.open(server.url);
    stage.after(end);

    await server.refuseGet(401);
    await server.endGet();
    await until(({ connections }) => connections === 2);

    expect(seen.end).toBeUndefined();
  });
});

/** Waits up to 100 turns of the event loop for a condition. */
async function turns(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !holds(); turn++) await setImmediate();
  expect(holds()).toBe(true);
}
