import { firstValueFrom, lastValueFrom, takeWhile, toArray } from 'rxjs';
import { empty, plain, type IncomingRequest } from './responses';
import { uri, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const warning =
  'live views: the server has no stream for notifications, so lists do not update, and resources only with pollInterval';

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
    expect(errors.slice(before).map(({ message }) => message)).toEqual([warning]);
    expect(server.requestCounts['resources/read']).toBe(1);
  });

  it('is read again with pollInterval', async () => {
    const { session, server } = await open();
    const isSecond = (contents: unknown): boolean => JSON.stringify(contents).includes('"second"');
    const texts$ = session.resource$(uri, { pollInterval: 10 }).pipe(takeWhile((text) => !isSecond(text), true));
    const texts = lastValueFrom(texts$.pipe(toArray()));
    await server.until(() => server.requestCounts['resources/read'] === 1);
    server.update('second');
    expect((await texts)[0]).toMatchObject([{ text: 'first' }]);
    expect((await texts).at(-1)).toMatchObject([{ text: 'second' }]);
  });
});

describe('a live list of a server that cannot notify', () => {
  it('emits its first value, and a warning on errors$', async () => {
    const server = await stage.server({ ids: 'none' });
    server.answer((incoming) => incoming.kind === 'GET' && plain(incoming, 405));
    const { session, errors, until } = stage.session(server.url);
    const first = firstValueFrom(session.tools$);
    await session.connect();
    expect(await first).toMatchObject([{ name: 'echo' }]);
    await until(() => errors.length > 0);
    expect(server.requestCounts['tools/list']).toBe(1);
    expect(errors.map(({ message }) => message)).toEqual([warning]);
  });
});
