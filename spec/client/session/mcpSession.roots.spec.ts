import { ListRootsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { BehaviorSubject, EMPTY, Subject } from 'rxjs';
import { InvalidRootsError, MCPSession, type Root } from 'rx-mcp';
import { virtualTime } from 'rx-mcp/testing';
import { useStage } from '../../rig/useStage';
import type { MemoryServer } from '../../rig/createMemoryServer';
import { openMemorySession } from '../../rig/openMemorySession';

const a: Root[] = [{ uri: 'file:///a', name: 'A' }];
const b: Root[] = [{ uri: 'file:///b' }];
const c: Root[] = [{ uri: 'file:///c' }];
const changed = 'notifications/roots/list_changed';

const announced = (memory: MemoryServer): number => memory.methods().filter((method) => method === changed).length;
const listed = async (memory: MemoryServer): Promise<unknown> =>
  (await memory.server.request({ method: 'roots/list' }, ListRootsResultSchema)).roots;

describe('roots', () => {
  it('are empty by default', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();

    expect(await listed(memory)).toEqual([]);
    expect(session.getRoots()).toEqual([]);
    await session.disconnect();
  });

  it('are initially those of the connector', async () => {
    const { memory, session } = openMemorySession({ options: { roots: a } });
    await session.connect();
    expect(await listed(memory)).toEqual(a);

    await session.setRoots(b);

    expect(await listed(memory)).toEqual(b);
    expect(session.getRoots()).toEqual(b);
    expect(session.roots$.value).toEqual(b);
    await session.disconnect();
  });

  it('are answered by a custom handler while it is set', async () => {
    const { memory, session } = openMemorySession({ options: { roots: a } });
    const remove = session.handle('roots/list', () => ({ roots: b }));
    await session.connect();
    expect(await listed(memory)).toEqual(b);

    remove();

    expect(await listed(memory)).toEqual(a);
    await session.disconnect();
  });

  it('are announced once per emission, and answer later requests', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const answers: unknown[] = [];

    for (const roots of [a, b, b, c]) {
      session.roots$.next(roots);
      answers.push(await listed(memory));
    }

    expect(announced(memory)).toBe(4);
    expect(answers).toEqual([a, b, b, c]);
    await session.disconnect();
  });

  it('are the latest for a late request', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();

    const late = [a, b, c].map((roots) => {
      session.roots$.next(roots);
      return Promise.resolve().then(() => listed(memory));
    });

    expect(await Promise.all(late)).toEqual([c, c, c]);
    await session.disconnect();
  });

  it('are a copy of the emitted array', async () => {
    const { memory, session } = openMemorySession();
    await session.connect();
    const roots = [...a];

    await session.setRoots(roots);
    roots.push(...b);

    expect(await listed(memory)).toEqual(a);
    expect(() => (session.getRoots() as Root[]).push(...b)).toThrow(TypeError);
    await session.disconnect();
  });
});

describe('roots$, driven by a source', () => {
  it('follows a BehaviorSubject, including its current value', async () => {
    const { memory, session } = openMemorySession();
    const workspace$ = new BehaviorSubject(a);
    workspace$.subscribe(session.roots$);
    await session.connect();
    expect(announced(memory)).toBe(0);
    expect(await listed(memory)).toEqual(a);

    workspace$.next(b);
    workspace$.next(c);
    await session.ping();

    expect(announced(memory)).toBe(2);
    expect(await listed(memory)).toEqual(c);
    await session.disconnect();
  });

  it('keeps its roots when the source completes, and accepts others', async () => {
    const { memory, session, errors } = openMemorySession();
    await session.connect();
    const source$ = new Subject<Root[]>();
    source$.subscribe(session.roots$);
    source$.next(a);
    source$.complete();
    expect(await listed(memory)).toEqual(a);

    session.roots$.next(b);
    new BehaviorSubject(c).subscribe(session.roots$);
    await session.ping();

    expect(await listed(memory)).toEqual(c);
    expect(announced(memory)).toBe(3);
    expect(errors).toEqual([]);
    await session.disconnect();
  });

  it('keeps its roots when the source errors, reports it, and accepts others', async () => {
    const { memory, session, errors } = openMemorySession();
    await session.connect();
    const source$ = new Subject<Root[]>();
    source$.subscribe(session.roots$);
    source$.next(a);
    source$.error(new Error('the disk is gone'));

    await session.setRoots(b);

    expect(errors).toMatchObject([{ cause: new Error('the disk is gone') }]);
    expect(errors[0]!.name).toBe('HandlerError');
    expect(await listed(memory)).toEqual(b);
    await session.disconnect();
  });

  it('completes with its session only', async () => {
    const { session } = openMemorySession();
    const seen: string[] = [];
    session.roots$.subscribe({
      next: (roots) => seen.push(roots.map(({ uri }) => uri).join()),
      complete: () => seen.push('complete'),
    });
    await session.connect();
    EMPTY.subscribe(session.roots$);
    session.roots$.next(a);

    await session.disconnect();

    expect(seen).toEqual(['file:///a', 'complete']);
  });
});

describe('invalid roots', () => {
  const wrong: [string, unknown, string][] = [
    [
      'with another scheme',
      [...a, { uri: 'http://example.com' }],
      'roots.1.uri: expected a URI that begins with file://',
    ],
    ['without a URI', [{ name: 'A' }], 'roots.0.uri: expected a URI that begins with file://'],
    ['with a name that is not a string', [{ uri: 'file:///a', name: 7 }], 'roots.0.name: expected a string'],
    ['that are not objects', ['file:///a'], 'roots.0: expected { uri, name? }'],
    ['that are not an array', { uri: 'file:///a' }, 'roots: expected an array of roots'],
    ['that are null', null, 'roots: expected an array of roots'],
  ];

  it.each(wrong)(
    '%s are rejected on errors$ and by setRoots, and the last valid ones stay',
    async (_, value, message) => {
      const { memory, session, errors } = openMemorySession({ options: { roots: a } });
      await session.connect();
      const seen: unknown[] = [];
      session.roots$.subscribe((roots) => seen.push(roots));
      const roots = value as Root[];

      session.roots$.next(roots);
      // The error is emitted before `next` returns.
      expect(errors).toHaveLength(1);
      await expect(session.setRoots(roots)).rejects.toBeInstanceOf(InvalidRootsError);
      await expect(session.setRoots(roots)).rejects.toMatchObject({ message, retryable: false });

      expect(errors).toMatchObject([{ message, issues: [{ message: expect.any(String) }] }]);
      expect(await listed(memory)).toEqual(a);
      expect({ seen, announced: announced(memory) }).toEqual({ seen: [], announced: 0 });
      session.roots$.next(b);
      expect(await listed(memory)).toEqual(b);
      await session.disconnect();
    },
  );

  it('are rejected by the session if a connector has them', () => {
    const { memory } = openMemorySession();

    const make = () => new MCPSession(memory.connector({ roots: [{ uri: 'nowhere' }] }));

    expect(make).toThrow(InvalidRootsError);
  });
});

describe('roots that are emitted', () => {
  it('are the initial value if the session is idle, and nothing is sent', async () => {
    const { memory, session } = openMemorySession({ options: { roots: a } });
    session.roots$.next(b);
    await session.setRoots(c);
    await session.connect();
    await session.ping();

    expect(announced(memory)).toBe(0);
    expect(await listed(memory)).toEqual(c);
    await session.disconnect();
  });

  it('are the initial value if the session is connecting', async () => {
    const { memory, session } = openMemorySession();
    const connecting = session.connect();
    await session.setRoots(b);
    session.roots$.next(c);
    await connecting;
    await session.ping();

    expect(announced(memory)).toBe(0);
    expect(await listed(memory)).toEqual(c);
    await session.disconnect();
  });

  it('are announced if the session is connecting and the server has already requested the roots', async () => {
    const listedRoots: unknown[] = [];
    const { memory, session } = openMemorySession({
      prepare: (server) => {
        server.oninitialized = () =>
          void server.request({ method: 'roots/list' }, ListRootsResultSchema).then(({ roots }) => {
            listedRoots.push(roots);
            session.roots$.next(b);
          });
      },
      options: { roots: a },
    });
    await session.connect();
    await session.ping();

    expect(listedRoots).toEqual([a]);
    expect(announced(memory)).toBe(1);
    expect(await listed(memory)).toEqual(b);
    await session.disconnect();
  });

  it('are announced after a reconnection, once each', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session, statuses } = openMemorySession({ session: { scheduler } });
    await session.connect();
    await memory.drop();
    const resolved: string[] = [];

    session.roots$.next(a);
    void session.setRoots(b).then(() => resolved.push('setRoots'));
    await advance(0);
    expect({ resolved, state: statuses.at(-1)!.state }).toEqual({ resolved: [], state: 'reconnecting' });
    await advance(60_000);

    expect({ resolved, announced: announced(memory) }).toEqual({ resolved: ['setRoots'], announced: 2 });
    expect(await listed(memory)).toEqual(b);
    await session.disconnect();
  });

  it('are ignored after disconnect(), and setRoots rejects', async () => {
    const { memory, session } = openMemorySession({ options: { roots: a } });
    await session.connect();
    await session.disconnect();

    session.roots$.next(b);
    await expect(session.setRoots(c)).rejects.toMatchObject({ name: 'SessionClosedError' });

    expect(session.getRoots()).toEqual(a);
    expect(announced(memory)).toBe(0);
  });

  it('are not announced after disconnect()', async () => {
    const { scheduler, advance } = virtualTime();
    const { memory, session } = openMemorySession({ session: { scheduler } });
    await session.connect();
    await memory.drop();
    const setting = expect(session.setRoots(a)).rejects.toMatchObject({ name: 'SessionClosedError' });

    await session.disconnect();
    await advance(60_000);

    await setting;
    expect(announced(memory)).toBe(0);
  });
});

describe('roots over HTTP', () => {
  const stage = useStage();

  it('are the latest for a late request, and are requested again by a restarted server', async () => {
    const server = await stage.server();
    const { session } = await stage.connected(server.url, { roots: a });
    expect(await server.ask('roots/list')).toEqual({ roots: a });

    await session.setRoots(b);
    await server.restart();
    session.roots$.next(c);
    await server.until(({ messages }) => messages[changed] === 2);

    expect(await server.ask('roots/list')).toEqual({ roots: c });
  });
});
