import { setImmediate } from 'node:timers/promises';
import { NEVER } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { event, type Hostile, startHostileServer } from './startHostileServer';
import { useScript } from './useScript';

const stage = useStage(startHostileServer);
const run = useScript();
const maxPending = 1_024;
const excess = 20;

/** Sends more requests than allowed, waits for the rejections, cancels the first request and sends another one. */
async function floodWith(server: Hostile, method: string): Promise<void> {
  await server.write(
    Array.from({ length: maxPending + excess }, (_, id) => event({ id, method, params: {} })).join(''),
  );
  while ((server.requestCounts['answer'] ?? 0) < excess) await setImmediate();
  await server.write(event({ method: 'notifications/cancelled', params: { requestId: 0 } }));
  await server.write(event({ id: 'after', method }));
}

describe('a server that floods the client with requests', () => {
  it('receives a limited number of responses if it does not accept them', async () => {
    const requestCount = 10 * maxPending;
    const { session, until, errors } = run(`
      process.stdin.pause();
      for (let id = 0; id < ${requestCount}; id++) send({ id, method: 'ping' });
    `);
    await session.connect();
    await until(() => errors.length > 0);
    await session.disconnect();

    expect(errors.length).toBeLessThan(requestCount - maxPending);
    expect(new Set(errors.map(({ name }) => name))).toEqual(new Set(['ConnectionLostError']));
    expect(errors[0]?.message).toContain(`responses in flight (${maxPending})`);
  });

  it('is rejected beyond a limit while a handler does not answer', async () => {
    const server = await stage.server();
    const { session, listens } = stage.session(server);
    const handled: string[] = [];
    session.handle('custom/think', ({ method }) => {
      handled.push(method);
      return NEVER;
    });
    await session.connect();
    await listens();

    await floodWith(server, 'custom/think');
    while (handled.length <= maxPending) await setImmediate();

    expect(handled).toHaveLength(maxPending + 1);
    expect(server.requestCounts['answer']).toBe(excess);
  });

  it('is rejected beyond a limit while an inbox does not answer', async () => {
    const server = await stage.server();
    const { session, listens } = stage.session(server);
    let received = 0;
    session.requests$.subscribe(() => received++);
    await session.connect();
    await listens();

    await floodWith(server, 'custom/think');
    while (received <= maxPending) await setImmediate();

    expect(received).toBe(maxPending + 1);
    expect(server.requestCounts['answer']).toBe(excess);
  });
});
