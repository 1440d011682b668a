import { filter, firstValueFrom, map } from 'rxjs';
import { ConnectionFailedError, HttpConnector, isRetryable, MCPSession, type SessionStatus } from 'rx-mcp';
import { createRandom } from '../../soak/createRandom';
import { quick } from '../../rig/quick';
import { watchSession, type Watched } from '../../rig/watchSession';
import { event, json, plain, type IncomingRequest } from './responses';
import { startWorldServer, uri, type WorldServer } from './startWorldServer';

/** The result of a deploy rehearsal. */
export interface Rehearsal {
  rounds: number;
  /** The problems, with the number of the round. */
  problems: string[];
  /** How often each phase of a deploy was performed. */
  phases: Record<string, number>;
  /** The number of sessions that were started on the server. */
  sessions: number;
}

interface Round {
  server: WorldServer;
  watched: Watched;
  /** Sends the next tick on all open streams. */
  tick(): void;
  /** Returns a random whole number from 1 to `most`. */
  upTo(most: number): number;
}

type Phase = (round: Round) => Promise<void>;

/** The timeout of a round, in milliseconds. */
const roundTimeoutMs = 15_000;

const isReconnecting = ({ state }: SessionStatus): boolean => state === 'reconnecting';

/** Whether a status follows a failed attempt, and not only the loss of a connection. */
function isAfterRefusal(status: SessionStatus): boolean {
  return status.state === 'reconnecting' && status.error instanceof ConnectionFailedError;
}

/** Creates a phase in which the server rejects a random number of requests. */
const rejecting =
  (reject: (incoming: IncomingRequest) => unknown): Phase =>
  async ({ server, tick, upTo }) => {
    const rejected = server.reject(upTo(4), reject);
    server.cut();
    // The old process is gone, with all its state.
    server.forget();
    tick();
    await rejected;
  };

const phases: Record<string, Phase> = {
  '502 with HTML': rejecting((incoming) => plain(incoming, 502, '<html>bad gateway</html>', 'text/html')),
  '503 with HTML': rejecting((incoming) => plain(incoming, 503, '<html>no backend</html>', 'text/html')),
  '404 as text': rejecting((incoming) => plain(incoming, 404, '404 page not found')),
  '404 as JSON': rejecting((incoming) => json(incoming, 404, { message: 'no Route matched with those values' })),
  401: rejecting((incoming) => plain(incoming, 401, 'unauthorized')),
  400: rejecting((incoming) => plain(incoming, 400, 'bad request')),
  'a reset': rejecting(({ to }) => to.destroy()),
  async 'connection refused'({ server, watched, tick, upTo }) {
    const before = watched.statuses.length;
    const wanted = upTo(4);
    await server.kill();
    tick();
    // A new process that accepts any session can only be detected after a failed attempt.
    await watched.until(({ statuses }) => statuses.slice(before).filter(isAfterRefusal).length >= wanted);
    await server.start();
  },
  async 'a stream that is cut, and opened again at once'({ server, watched, tick }) {
    server.answer(undefined);
    await watched.listens();
    const before = watched.gaps.length;
    server.cut();
    tick();
    await watched.until(({ gaps }) => gaps.length > before);
  },
};

/**
 * Runs a session through successive deploys of its server. Each deploy has a few phases, then a new process that knows
 * no session or accepts any. After each deploy, everything that the session promises must be restored.
 */
export async function rehearse(rounds: number, seed: number): Promise<Rehearsal> {
  const random = createRandom(seed);
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const server = await startWorldServer();
  const watched = watchSession(new MCPSession(new HttpConnector(server.url, { reconnect: quick })));
  const { session, listens, gaps, ticks, statuses } = watched;
  const found: Rehearsal = { rounds: 0, problems: [], phases: {}, sessions: 0 };
  const sentAt = new Map<number, number>();
  const tick = (): void => {
    const n = sentAt.size + 1;
    sentAt.set(n, Date.now());
    server.write(event({ method: 'custom/tick', params: { n } }));
  };
  const text$ = session.resource$(uri).pipe(map((contents) => String(Reflect.get(contents[0]!, 'text'))));
  text$.subscribe();
  await session.connect();
  await session.setLoggingLevel('warning');
  await listens();

  for (let n = 1; n <= rounds; n++) {
    const names: string[] = [];
    try {
      const before = { sessions: server.requestCounts['initialize'] ?? 0, statuses: statuses.length };
      server.acceptAnyId(random() < 0.5);
      for (let phase = upTo(3); phase > 0; phase--) {
        const [name, act] = Object.entries(phases)[upTo(Object.keys(phases).length) - 1]!;
        names.push(name);
        found.phases[name] = (found.phases[name] ?? 0) + 1;
        await act({ server, watched, tick, upTo });
      }
      server.answer(undefined);
      tick();
      await back(n);

      const attempts = statuses.slice(before.statuses).filter(isReconnecting).length;
      const begun = (server.requestCounts['initialize'] ?? 0) - before.sessions;
      if (begun > attempts + 1) found.problems.push(`round ${n}: ${begun} sessions in ${attempts} attempts`);
    } catch (cause) {
      const last = JSON.stringify(statuses.at(-1));
      found.problems.push(`round ${n} (${names.join(', ')}): ${String(cause)}, while ${last}`);
      break;
    }
    found.rounds = n;
  }

  for (const [n, at] of sentAt) {
    const isKnown = ticks.includes(n) || gaps.some(({ since, until }) => since <= at && at <= until);
    if (!isKnown) found.problems.push(`tick ${n} is neither delivered nor in a gap`);
  }
  if (new Set(ticks).size < ticks.length) found.problems.push('a tick was delivered twice');
  if (statuses.some(({ state }) => state === 'closed')) found.problems.push('the session ended');
  found.sessions = server.requestCounts['initialize'] ?? 0;
  await session.disconnect();
  await server.close();
  return found;

  /** Resolves when everything is restored after a round. */
  async function back(n: number): Promise<void> {
    const deadline = AbortSignal.timeout(roundTimeoutMs);
    // A call that is pending when the connection is lost may have been executed, so it is not resent.
    const answered = session.callTool('echo', {}, { signal: deadline });
    await answered.catch((cause: unknown) => {
      if (!isRetryable(cause)) throw cause;
      return session.callTool('echo', {}, { signal: deadline });
    });
    await listens();
    const value = `text ${n}`;
    await server.until(() => server.levels().includes('warning') && server.isSubscribed());
    const shown = firstValueFrom(text$.pipe(filter((text) => text === value)));
    server.update(value);
    await Promise.race([shown, new Promise((_, reject) => deadline.addEventListener('abort', reject))]);
  }
}
