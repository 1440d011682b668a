import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { empty, plain, type IncomingRequest } from './responses';
import { uri, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const silent: [string, (incoming: IncomingRequest) => boolean][] = [
  ['405 on the GET', (incoming) => incoming.kind === 'GET' && plain(incoming, 405)],
  ['404 on the GET of a stateless server', (incoming) => incoming.kind === 'GET' && plain(incoming, 404)],
  ['204 on the GET', (incoming) => incoming.kind === 'GET' && empty(incoming, 204)],
];

describe.each(silent)('a watched resource of a server that cannot notify (%s)', (_, answer) => {
  async function open() {
    const server = await stage.server({ ids: 'none' });
    server.answer(answer);
    const watched = stage.session(server.url);
    await watched.session.connect();
    await watched.until(({ statuses }) => {
      const last = statuses.at(-1);
      return last?.state === 'connected' && !last.listening;
    });
    return { server, ...watched };
  }

  it('is read once and completes, with a warning on errors$', async () => {
    const { session, errors, server } = await open();
    const before = errors.length;
    const values = await lastValueFrom(session.resource$(uri).pipe(toArray()));
    expect(values).toMatchObject([[{ text: 'first' }]]);
    expect(errors.slice(before).length).toBeGreaterThan(0);
    expect(server.requestCounts['resources/read']).toBe(1);
  });

  it('is read again with pollInterval', async () => {
    const { session, server } = await open();
    const texts$ = session.resource$(uri, { pollInterval: 10 }).pipe(take(2), toArray());
    const texts = lastValueFrom(texts$);
    await server.until(() => server.requestCounts['resources/read'] === 1);
    server.update('second');
    const [first, second] = await texts;
    expect([first, second]).toMatchObject([[{ text: 'first' }], [{}]]);
  });
});

describe('a live list of a server that cannot notify', () => {
  it('emits its first value, and a warning on errors$', async () => {
    const server = await stage.server({ ids: 'none' });
    server.answer((incoming) => incoming.kind === 'GET' && plain(incoming, 405));
    const { session, errors, until } = stage.session(server.url);
    const first = firstValueFrom(session.tools$);
    await session.connect();
    await expect(first).resolves.not.toHaveLength(0);
    await until(() => errors.length > 0);
    expect(server.requestCounts['tools/list']).toBe(1);
    expect(errors.map(({ message }) => message).join()).toMatch(/list_changed|notif|live|frozen/);
  });
});
