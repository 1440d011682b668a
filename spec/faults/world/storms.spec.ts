import { catchError, EMPTY, exhaustMap, from, timer } from 'rxjs';
import { virtualTime } from 'rx-mcp/testing';
import { empty, event, json, plain, stream, type Answer, type IncomingRequest } from './responses';
import { uri, type WorldServer, startWorldServer } from './startWorldServer';
import { startStubServer } from '../../client/modern/faults/startStubServer';
import { modernOnly } from '../../rig/startModernServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const error = (id: unknown, message: string) => ({ jsonrpc: '2.0', id, error: { code: -32000, message } });
const reset = ({ to }: IncomingRequest): true => {
  to.destroy();
  return true;
};

/** The ways in which a server can report an unknown session, for any request. */
const ways: [string, (incoming: IncomingRequest) => boolean][] = [
  ...[400, 401, 403, 404, 405, 406, 408, 409, 410, 415, 422, 429, 451, 500, 502, 503, 504].map(
    (status): [string, (incoming: IncomingRequest) => boolean] => [
      `${String(status)} as plain text`,
      (incoming) => plain(incoming, status, 'unknown session'),
    ],
  ),
  ['404 as a JSON-RPC error without an id', (incoming) => json(incoming, 404, error(null, 'Session not found'))],
  ['400 as a JSON-RPC error without an id', (incoming) => json(incoming, 400, error(null, 'No valid session'))],
  ['404 as a JSON-RPC error with the id', (incoming) => json(incoming, 404, error(incoming.id, 'Session not found'))],
  ['200 as a JSON-RPC error with the id', (incoming) => json(incoming, 200, error(incoming.id, 'Session not found'))],
  ...[-32000, -32001, -32002, -32600, -32603].map((code): [string, (incoming: IncomingRequest) => boolean] => [
    `200 as a JSON-RPC error with the id and code ${String(code)}`,
    (incoming) =>
      json(incoming, 200, {
        jsonrpc: '2.0',
        id: incoming.id,
        error: { code, message: 'Invalid or expired session id' },
      }),
  ]),
  ['401 with a challenge', ({ to }) => Boolean(to.writeHead(401, { 'www-authenticate': 'Bearer' }).end())],
  ['410 as a JSON-RPC error with the id', (incoming) => json(incoming, 410, error(incoming.id, 'Session terminated'))],
  [
    'an event stream with a JSON-RPC error',
    (incoming) => Boolean(stream(incoming).end(event(error(incoming.id, 'Session not found')))),
  ],
  ['an event stream that ends without a response', (incoming) => Boolean(stream(incoming).end())],
  ['no response', () => true],
  ['404 as JSON of another kind', (incoming) => json(incoming, 404, { error: 'unknown session' })],
  ['200 without a body', (incoming) => empty(incoming, 200)],
  ['204', (incoming) => empty(incoming, 204)],
  ['202', (incoming) => empty(incoming, 202)],
  ['200 with HTML', (incoming) => plain(incoming, 200, '<html>welcome</html>', 'text/html')],
  ['a redirect', ({ to }) => Boolean(to.writeHead(302, { location: 'http://127.0.0.1:9/login' }).end())],
  ['a reset connection', reset],
];

/** The duration of the fault, in virtual seconds. */
const seconds = 300;

/** The number of new sessions that the policy allows in that time, with delays from 0.5 s, doubled up to 30 s. */
const allowed = 5 + seconds / 30 + 2;

/** Resolves when the server receives no more requests. */
async function quiet(server: WorldServer): Promise<void> {
  const total = (): number => Object.values(server.requestCounts).reduce((sum, count) => sum + count, 0);
  for (let before = -1; before !== total();) {
    before = total() + 1;
    await (await fetch(server.url, { method: 'PUT' })).text();
  }
}

const handshake = new Set(['initialize', 'notifications/initialized']);

/**
 * The requests that are rejected, and the number of allowed sessions. A server that answers pings knows the session. One
 * rejection while the stream is down leaves that in doubt.
 */
const scopes: [string, (kind: string) => boolean, number][] = [
  ['everything', (kind) => !handshake.has(kind), allowed],
  ['lists', (kind) => kind.endsWith('/list'), 2],
  ['everything but the stream', (kind) => !handshake.has(kind) && kind !== 'GET', allowed],
];

/** Answers the requests of the spec itself, and rejects those in the scope. */
const gone =
  (isRefused: (kind: string) => boolean, refuse: Answer): Answer =>
  (incoming) => {
    if (incoming.kind === 'PUT') return plain(incoming, 200);
    return isRefused(incoming.kind) && refuse(incoming);
  };

/** Connects a session that has live views and makes a call every second, in virtual time. */
async function watch(server: WorldServer) {
  const clock = virtualTime();
  const { scheduler } = clock;
  const watched = await stage.connected(server, { reconnect: { jitter: 'none' } }, { scheduler });
  const { session } = watched;
  session.tools$.subscribe();
  session.resources$.subscribe();
  session.prompts$.subscribe();
  session.resource$(uri).subscribe({ error: () => undefined });
  const call = (): Promise<unknown> => session.callTool('echo', {}, { timeout: 5_000 });
  const calls = timer(0, 1_000, scheduler)
    .pipe(exhaustMap(() => from(call()).pipe(catchError(() => EMPTY))))
    .subscribe();
  return { calls, ...clock, ...watched };
}

describe.each(ways)('a server that reports an unknown session with %s', (way, refuse) => {
  it.each(/^(404|410|500) as plain|^200 as a JSON-RPC error with the id$/.test(way) ? scopes : scopes.slice(0, 1))(
    'receives no more new sessions than the policy allows: %s',
    async (_scope, isRefused, most) => {
      const server = await stage.server();
      server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
      const { calls, advance } = await watch(server);
      await quiet(server);

      server.answer(gone(isRefused, refuse));
      server.cut();
      for (let second = 0; second < seconds; second++) {
        await advance(1_000);
        await quiet(server);
      }
      calls.unsubscribe();

      expect(server.requestCounts['initialize']).toBeLessThanOrEqual(most);
      server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
    },
    120_000,
  );
});

describe.each(ways)('a server that forgets its sessions and answers initialize with %s', (_way, refuse) => {
  it('receives no more attempts than the policy allows', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
    const { calls, advance } = await watch(server);
    await quiet(server);

    server.answer(gone((kind) => kind === 'initialize', refuse));
    server.forget();
    server.cut();
    for (let second = 0; second < seconds; second++) {
      await advance(1_000);
      await quiet(server);
    }
    calls.unsubscribe();

    expect(server.requestCounts['initialize']).toBeGreaterThan(1);
    expect(server.requestCounts['initialize']).toBeLessThanOrEqual(allowed);
    server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
  }, 120_000);
});

describe('a server that refuses connections', () => {
  /** The delays before the first one of 30 s: 0.5, 1, 2, 4, 8 and 16 s. */
  const doublings = 6;
  const doublingSeconds = 31.5;

  it('receives exactly the attempts of the policy', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
    const { calls, advance, statuses } = await watch(server);
    await quiet(server);

    await server.kill();
    for (let second = 0; second < seconds; second++) {
      await advance(1_000);
      // Waits until a pending attempt has failed. It takes as long as this request.
      await fetch(server.url).catch(() => undefined);
    }
    calls.unsubscribe();

    const attempts = statuses.filter(({ state }) => state === 'reconnecting').length;
    expect(attempts).toBe(doublings + Math.ceil((seconds - doublingSeconds) / 30));
  }, 60_000);
});

describe('a server that deletes each session', () => {
  it('receives no more new sessions than the policy allows', async () => {
    const server = await stage.server();
    server.answer((incoming) => incoming.kind === 'PUT' && plain(incoming, 200));
    const { calls, advance } = await watch(server);
    await quiet(server);

    for (let second = 0; second < seconds; second++) {
      server.forget();
      server.cut();
      await advance(1_000);
      await quiet(server);
    }
    calls.unsubscribe();

    expect(server.requestCounts['initialize']).toBeGreaterThan(1);
    expect(server.requestCounts['initialize']).toBeLessThanOrEqual(allowed);
  }, 60_000);
});

describe('a server of 2026-07-28 that is replaced', () => {
  /** The number of pings that are rejected before a connection is considered lost. */
  const maxRejectedPings = 3;
  const modernStage = useStage(startStubServer, modernOnly);

  it.each([400, 401, 403, 404, 405, 410, 429, 500, 502, 503])(
    'receives no more new connections than the policy allows when it responds with %i',
    async (status) => {
      const { scheduler, advance } = virtualTime();
      const server = await modernStage.server();
      const policy = { reconnect: { jitter: 'none' }, keepAlive: 1_000 } as const;
      const { session, statuses } = await modernStage.connected(server, policy, { scheduler });
      session.tools$.subscribe();
      const calls = timer(0, 1_000, scheduler)
        .pipe(exhaustMap(() => from(session.callTool('any', {}, { timeout: 5_000 })).pipe(catchError(() => EMPTY))))
        .subscribe();
      const settle = async (): Promise<void> => {
        for (let before = -1; before !== server.methods.length;) {
          before = server.methods.length;
          await (await fetch(server.url, { method: 'PUT' })).text();
        }
      };
      await settle();

      server.refuse(status);
      server.end();
      for (let second = 0; second < seconds; second++) {
        await advance(1_000);
        await settle();
      }
      calls.unsubscribe();

      const attempts = statuses.filter(({ state }) => state === 'reconnecting').length;
      const count = (wanted: string): number => server.methods.filter((method) => method === wanted).length;
      expect(attempts).toBeLessThanOrEqual(allowed + 1);
      expect(count('subscriptions/listen')).toBeLessThanOrEqual(2 * allowed);
      // A rate limit does not end a connection, so its pings continue. Pings are `server/discover` requests, too.
      if (status === 429) expect(attempts).toBe(0);
      else {
        expect(attempts).toBeGreaterThan(0);
        expect(count('server/discover')).toBeLessThanOrEqual(allowed + maxRejectedPings);
      }
      expect(server.methods).not.toContain('initialize');
      server.refuse(undefined);
    },
    60_000,
  );
});
