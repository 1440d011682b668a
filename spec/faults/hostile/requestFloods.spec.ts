import { setImmediate } from 'node:timers/promises';
import { NEVER } from 'rxjs';
import { useStage } from '../../rig/useStage';
import { event, startHostileServer } from './startHostileServer';
import { useScript } from './useScript';

const stage = useStage(startHostileServer);
const run = useScript();
const bound = 1_024;
const beyond = 20;

const flood = (method: string): string =>
  Array.from({ length: bound + beyond }, (_, id) => event({ id, method, params: {} })).join('');

describe('a server that floods the client with requests', () => {
  it('receives a limited number of responses if it does not accept them', async () => {
    const asks = 10 * bound;
    const { session, until, errors } = run(`
      process.stdin.pause();
      for (let id = 0; id < ${asks}; id++) send({ id, method: 'ping' });
    `);
    await session.connect();
    await until(() => errors.length > 0);
    await session.disconnect();

    expect(errors.length).toBeLessThan(asks - bound);
    expect(new Set(errors.map(({ name }) => name))).toEqual(new Set(['ConnectionLostError']));
    expect(errors[0]?.message).toContain(`responses in flight (${bound})`);
  });

  it('is rejected beyond a limit while a handler does not answer', async () => {
    const server = await stage.server();
    const { session, listens } = stage.session(server);
    const asked: string[] = [];
    session.handle('custom/think', ({ method }) => {
      asked.push(method);
      return NEVER;
    });
    await session.connect();
    await listens();

    await server.write(flood('custom/think'));
    while ((server.asked['answer'] ?? 0) < beyond) await setImmediate();
    await server.write(event({ method: 'notifications/cancelled', params: { requestId: 0 } }));
    await server.write(event({ id: 'after', method: 'custom/think' }));
    while (asked.length <= bound) await setImmediate();

    expect(asked).toHaveLength(bound + 1);
    expect(server.asked['answer']).toBe(beyond);
  });

  it('is rejected beyond a limit while an inbox does not answer', async () => {
    const server = await stage.server();
    const { session, listens } = stage.session(server);
    let asked = 0;
    session.requests$.subscribe(() => asked++);
    await session.connect();
    await listens();

    await server.write(flood('custom/think'));
    while ((server.asked['answer'] ?? 0) < beyond) await setImmediate();
    await server.write(event({ method: 'notifications/cancelled', params: { requestId: 0 } }));
    await server.write(event({ id: 'after', method: 'custom/think' }));
    while (asked <= bound) await setImmediate();

    expect(asked).toBe(bound + 1);
    expect(server.asked['answer']).toBe(beyond);
  });
});
