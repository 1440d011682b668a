import { useStage } from '../../rig/useStage';
import { event, stream, startHostileServer } from './startHostileServer';

const stage = useStage(startHostileServer);
const tick = (n: number): object => ({ method: 'custom/tick', params: { n } });

describe('an event id that cannot be sent in a header', () => {
  it.each([
    ['with characters that are invalid in a header', '漢字'],
    ['with a control character', 'a\u0001b'],
    ['longer than the limit for headers', 'x'.repeat(20_000)],
  ])('%s is not used to resume: a new stream is opened, with a gap', async (_, id) => {
    const server = await stage.server();
    const { session, listens, receives, until, gaps, statuses } = stage.session(server);
    await session.connect();
    await listens();

    await server.write(event(tick(1), id));
    await receives(1);
    server.cut();
    await until(() => gaps.length > 0);
    await server.write(event(tick(2)));
    await receives(2);

    expect(server.requestCounts['GET']).toBe(2);
    expect(gaps).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ state: 'connected', listening: true });
  });

  it('is used to detect the events that a server repeats on a new stream', async () => {
    const server = await stage.server();
    const { session, listens, receives, until, gaps, ticks } = stage.session(server);
    await session.connect();
    await listens();
    const events = [1, 2, 3].map((n) => event(tick(n), `漢字-${n}`)).join('');

    await server.write(events);
    await receives(3);
    server.cut();
    await until(() => gaps.length > 0);
    await server.write(events + event(tick(4), '漢字-4'));
    await receives(4);

    expect(ticks).toEqual([1, 2, 3, 4]);
  });

  it('fails a call whose stream is cut after it', async () => {
    const server = await stage.server((incoming) => {
      if (incoming.kind !== 'tools/call') return false;
      const answer = stream(incoming);
      answer.write(event(tick(1), '漢字'), () => answer.destroy());
      return true;
    });
    const { session } = stage.session(server);
    await session.connect();

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ConnectionLostError' });
    expect(server.requestCounts['GET']).toBe(1);
  });
});
