import { event } from './responses';
import { type WorldServer, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const answers = (server: WorldServer): unknown[] => server.messages.filter(({ method }) => method === undefined);
const question = (id: unknown, n: number) => ({ id, method: 'custom/ask', params: { n } });

async function openWithHandler() {
  const server = await stage.server();
  const watched = stage.session(server.url);
  const handled: unknown[] = [];
  watched.session.handle('custom/ask', ({ params }) => {
    handled.push(params?.['n']);
    return { n: params?.['n'] };
  });
  await watched.session.connect();
  await watched.listens();
  return { server, handled, ...watched };
}

describe('a server request with a repeated id', () => {
  it.each([0, 1, 'q'])('is a new request once the first one is answered (id %j)', async (id) => {
    const { server, handled } = await openWithHandler();
    for (const n of [1, 2, 3]) {
      server.write(event(question(id, n)));
      await server.until(() => answers(server).length === n);
    }
    expect(handled).toEqual([1, 2, 3]);
    expect(answers(server)).toMatchObject([1, 2, 3].map((n) => ({ id, result: { n } })));
  });

  it('is a duplicate if its event was received before', async () => {
    const { server, handled, receives } = await openWithHandler();
    server.write(event(question('q', 1), 'event-1'));
    await server.until(() => answers(server).length === 1);
    server.write(event(question('q', 1), 'event-1') + event({ method: 'custom/tick', params: { n: 1 } }));
    await receives(1);
    expect(handled).toEqual([1]);
  });

  it('is a new request after a new connection', async () => {
    const { server, handled, listens, until } = await openWithHandler();
    server.write(event(question(1, 1)));
    await server.until(() => answers(server).length === 1);
    await server.kill();
    await until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    await server.start();
    await listens();
    server.write(event(question(1, 2)));
    await server.until(() => answers(server).length === 2);
    expect(handled).toEqual([1, 2]);
  });

  it('is reported, and not handled twice, while the first one is pending', async () => {
    const server = await stage.server();
    const { session, listens, errors, until } = stage.session(server.url);
    let handled = 0;
    let answer: (result: Record<string, unknown>) => void = () => {};
    session.handle('custom/ask', () => {
      handled++;
      return new Promise<Record<string, unknown>>((resolve) => (answer = resolve));
    });
    await session.connect();
    await listens();
    server.write(event(question(1, 1)) + event(question(1, 2)));
    await until(() => errors.length === 1);
    expect({ handled, error: errors[0]!.name }).toEqual({ handled: 1, error: 'InvalidNotificationError' });
    answer({ fine: true });
    await server.until(() => answers(server).length === 1);
  });
});
