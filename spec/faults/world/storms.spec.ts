import { catchError, EMPTY, exhaustMap, from, timer } from 'rxjs';
import { createClock } from '../../rig/createClock';
import { json, plain, uri, type Answer, type Asked, type WorldServer, startWorldServer } from './startWorldServer';
import { useStage } from '../../rig/useStage';

const stage = useStage(startWorldServer);

const error = (id: unknown, message: string) => ({ jsonrpc: '2.0', id, error: { code: -32000, message } });
const reset = ({ to }: Asked): true => {
  to.destroy();
  return true;
};

/** The ways in which a server can report an unknown session, for any request. */
const ways: [string, (asked: Asked) => boolean][] = [
  ...[400, 401, 403, 404, 405, 410, 500, 502, 503].map((status): [string, (asked: Asked) => boolean] => [
    `${String(status)} as plain text`,
    (asked) => plain(asked, status, 'unknown session'),
  ]),
  ['404 as a JSON-RPC error without an id', (asked) => json(asked, 404, error(null, 'Session not found'))],
  ['400 as a JSON-RPC error without an id', (asked) => json(asked, 400, error(null, 'No valid session'))],
  ['404 as a JSON-RPC error with the id', (asked) => json(asked, 404, error(asked.id, 'Session not found'))],
  ['200 as a JSON-RPC error with the id', (asked) => json(asked, 200, error(asked.id, 'Session not found'))],
  ['a reset connection', reset],
];

/** The duration of the fault, in virtual seconds. */
const seconds = 30;

/** The number of new sessions that the policy allows in that time, with delays from 0.5 s, doubled up to 30 s. */
const allowed = 5 + seconds / 30 + 2;

/** Resolves when the server receives no more requests. */
async function quiet(server: WorldServer): Promise<void> {
  const total = (): number => Object.values(server.asked).reduce((sum, count) => sum + count, 0);
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
const scopes: [string, (what: string) => boolean, number][] = [
  ['everything', (what) => !handshake.has(what), allowed],
  ['lists', (what) => what.endsWith('/list'), 2],
  ['everything but the stream', (what) => !handshake.has(what) && what !== 'GET', allowed],
];

/** Answers the requests of the spec itself, and rejects those in the scope. */
const gone =
  (isRefused: (what: string) => boolean, refuse: Answer): Answer =>
  (asked) => {
    if (asked.what === 'PUT') return plain(asked, 200);
    return isRefused(asked.what) && refuse(asked);
  };

describe.each(ways)('a server that reports an unknown session with %s', (way, refuse) => {
  it.each(/404|410|500/.test(way) ? scopes : scopes.slice(0, 1))(
    'receives no more new sessions than the policy allows: %s',
    async (_scope, isRefused, most) => {
      const { scheduler, advance } = createClock();
      const server = await stage.server();
      server.answer((asked) => asked.what === 'PUT' && plain(asked, 200));
      const { session } = await stage.connected(server, { reconnect: { jitter: 'none' } }, { scheduler });
      session.tools$.subscribe();
      session.resources$.subscribe();
      session.prompts$.subscribe();
      session.resource$(uri).subscribe({ error: () => undefined });
      const call = (): Promise<unknown> => session.callTool('echo', {}, { timeout: 5_000 });
      const calls = timer(0, 1_000, scheduler)
        .pipe(exhaustMap(() => from(call()).pipe(catchError(() => EMPTY))))
        .subscribe();
      await quiet(server);

      server.answer(gone(isRefused, refuse));
      server.cut();
      for (let second = 0; second < seconds; second++) {
        await advance(1_000);
        await quiet(server);
      }
      calls.unsubscribe();

      expect(server.asked['initialize']).toBeLessThanOrEqual(most);
      server.answer((asked) => asked.what === 'PUT' && plain(asked, 200));
    },
    120_000,
  );
});
