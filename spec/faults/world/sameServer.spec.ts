import { filter, firstValueFrom, map } from 'rxjs';
import type { Watched } from '../../rig/watchSession';
import { json, plain } from './responses';
import { uri, type WorldServer, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';
import { states } from '../../rig/watchSession';

const stage = useStage(startWorldServer);

/** Opens a session with a log level, a handler and a watched resource, and records the texts of that resource. */
async function busy(server: WorldServer): Promise<Watched & { texts: string[]; shows(text: string): Promise<void> }> {
  const watched = stage.session(server.url);
  const { session, listens, until } = watched;
  session.handle('elicitation/create', () => ({ action: 'decline' }));
  await session.connect();
  await listens();
  await session.setLoggingLevel('warning');
  const texts: string[] = [];
  const text$ = session.resource$(uri).pipe(map((contents) => String(Reflect.get(contents[0]!, 'text'))));
  text$.subscribe((text) => texts.push(text));
  await firstValueFrom(text$);
  const shows = async (text: string): Promise<void> => {
    await firstValueFrom(text$.pipe(filter((shown) => shown === text)));
  };
  await until(() => texts.length > 0);
  return { ...watched, texts, shows };
}

/** Asserts that everything that the session restores works with the current server. */
async function works(server: WorldServer, { shows }: { shows(text: string): Promise<void> }): Promise<void> {
  const shown = shows('after');
  server.update('after');
  await shown;
  expect(server.levels()).toContain('warning');
  expect(await server.ask('elicitation/create', { message: '?', requestedSchema: {} })).toEqual({ action: 'decline' });
}

describe('a server process that was replaced while its stream was down', () => {
  it.each(['known', 'any', 'none'] as const)('receives a new initialize request if session ids are %s', async (ids) => {
    const server = await stage.server({ ids });
    const watched = await busy(server);

    await server.kill();
    await watched.until(({ statuses }) => statuses.at(-1)?.state === 'reconnecting');
    await server.start();
    await watched.listens();
    await server.until(() => server.levels().includes('warning'));

    await works(server, watched);
    expect(server.requestCounts['initialize']).toBe(2);
    expect(watched.gaps).toHaveLength(1);
  });

  it.each([
    ['502 with HTML', 'known', 502],
    ['503 without a body', 'any', 503],
    ['504 with HTML', 'none', 504],
  ] as const)(
    'receives a new initialize request if a proxy responds with %s in the meantime',
    async (_, ids, status) => {
      const server = await stage.server({ ids });
      const watched = await busy(server);

      const rejected = server.reject(3, (incoming) => plain(incoming, status, '<html>', 'text/html'));
      server.cut();
      await rejected;
      server.forget();
      server.answer(undefined);
      await watched.listens();
      await server.until(() => server.levels().includes('warning'));

      await works(server, watched);
      expect(watched.gaps).toHaveLength(1);
    },
  );
});

describe('a server process that ended together with a message', () => {
  it.each(['known', 'any', 'none'] as const)('receives a new initialize request if session ids are %s', async (ids) => {
    const server = await stage.server({ ids });
    const watched = await busy(server);
    server.answer(({ kind, to }) => {
      if (kind !== 'tools/call') return false;
      server.answer(undefined);
      server.forget();
      server.cut();
      to.destroy();
      return true;
    });

    await expect(watched.session.callTool('echo')).rejects.toMatchObject({ name: 'ConnectionLostError' });
    await server.until(() => server.levels().includes('warning'));
    await watched.listens();

    await works(server, watched);
    expect(server.requestCounts['initialize']).toBe(2);
    expect(watched.gaps).toHaveLength(1);
  });
});

describe('a stream that is cut and immediately reopened', () => {
  it('keeps the connection, with a gap, if there is a session id', async () => {
    const server = await stage.server();
    const watched = await busy(server);

    server.cut();
    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();

    await works(server, watched);
    expect(server.requestCounts['initialize']).toBe(1);
    expect(watched.gaps).toHaveLength(1);
  });

  it('leads to a new connection without a session id, because the server may be a different one', async () => {
    const server = await stage.server({ ids: 'none' });
    const watched = await busy(server);

    server.forget();
    server.cut();
    await watched.until(({ gaps }) => gaps.length > 0);
    await watched.listens();

    await works(server, watched);
    expect(server.requestCounts['initialize']).toBe(2);
  });
});

describe('a call to a replaced server', () => {
  it.each([
    ['404 as plain text', (incoming: Parameters<typeof plain>[0]) => plain(incoming, 404)],
    [
      '404 as a JSON-RPC error without an id',
      (incoming: Parameters<typeof plain>[0]) => json(incoming, 404, unknownSession),
    ],
    [
      '400 as a JSON-RPC error without an id',
      (incoming: Parameters<typeof plain>[0]) => json(incoming, 400, unknownSession),
    ],
  ])('starts a new session after %s, and then succeeds', async (_, refuse) => {
    const server = await stage.server();
    const watched = await busy(server);
    server.forget();
    server.answer((incoming) => {
      const isStale = incoming.from.headers['mcp-session-id'] === 'session-1';
      return isStale && incoming.kind !== 'GET' ? refuse(incoming) : false;
    });

    await expect(watched.session.callTool('echo')).resolves.toMatchObject({ content: [{ text: 'done' }] });
    await watched.listens();
    await server.until(() => server.levels().includes('warning'));

    await works(server, watched);
    expect(states(watched)).not.toContain('closed');
  });
});

const unknownSession = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } };
