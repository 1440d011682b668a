import assert from 'node:assert/strict';
import { HttpConnector, InvalidNotificationError, isRetryable, type MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { filter, firstValueFrom, map, skip, takeWhile, toArray } from 'rxjs';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { emissions, receiveResourceListChange, type Transport } from '../servers/everything';
import { connectorTo, programOf, sessionOver, startEverything, withSession } from '../servers/officialServer';

// The official server that sends every kind of message, over each of its transports.
const servers = { streamableHttp: await startEverything('streamableHttp'), sse: await startEverything('sse') };
const urls: Record<Transport, string | undefined> = {
  stdio: undefined,
  streamableHttp: servers.streamableHttp.url,
  sse: servers.sse.url,
};
const transports: readonly Transport[] = ['stdio', 'streamableHttp', 'sse'];

const cases = transports.flatMap((transport) =>
  emissions.map(({ name, receive }): ProofCase => ({
    name: `${name} over ${transport}`,
    seconds: 20,
    run: () => withSession(sessionOver(connectorTo(urls[transport])), (session) => receive(session, transport)),
  })),
);

const announcePid = 'data:text/javascript,process.stderr.write(`pid ${process.pid}\n`)';
const reconnect = { initialDelay: 100, maxDelay: 500 };

const isOutage = (error: Error): boolean => isRetryable(error);

/** The server also replays the empty first event of each stream, as an empty object. */
const isReplay = (error: Error): boolean =>
  isOutage(error) || (error instanceof InvalidNotificationError && JSON.stringify(error.notification) === '{}');

/** Kills `server-everything` and starts it again. */
function restartCase(transport: 'streamableHttp' | 'sse'): ProofCase {
  return {
    name: `killed and restarted, over ${transport}`,
    seconds: 30,
    async run() {
      const server = await startEverything(transport);
      try {
        const connector = new HttpConnector(server.url, { reconnect });
        return await withSession(sessionOver(connector), (session) => restarted(session, server.restart), isOutage);
      } finally {
        await server.stop();
      }
    },
  };
}

/** Outages of `server-everything`, and of the connection to it. */
const outages: readonly ProofCase[] = [
  {
    name: 'killed over stdio',
    seconds: 30,
    run() {
      const args = ['--import', announcePid, programOf('everything'), 'stdio'];
      const connector = new StdioConnector({ command: process.execPath, args, stderr: 'pipe' }, { reconnect });
      const pid = firstValueFrom(connector.stderr$.pipe(map((text) => Number(/pid (\d+)/.exec(text)?.[1]))));
      const kill = async (): Promise<void> => void process.kill(await pid, 'SIGKILL');
      return withSession(sessionOver(connector), (session) => restarted(session, kill), isOutage);
    },
  },
  restartCase('streamableHttp'),
  restartCase('sse'),
  {
    name: 'cut off over streamableHttp',
    seconds: 30,
    async run() {
      const server = await startEverything('streamableHttp');
      try {
        const connector = new HttpConnector(server.url, { reconnect });
        return await withSession(sessionOver(connector), (session) => cutOff(session, server.cut), isReplay);
      } finally {
        await server.stop();
      }
    },
  },
];

/**
 * Restarts a server that loses its sessions: the session reconnects, reports the gap, refetches its lists, and receives new
 * notifications.
 */
async function restarted(session: MCPSession, restart: () => Promise<void> | void): Promise<string> {
  await session.connect();
  const watching = session.tools$.subscribe();
  await firstValueFrom(session.tools$);
  const states = firstValueFrom(
    session.status$.pipe(
      skip(1),
      takeWhile((status) => !(status.state === 'connected' && status.listening), true),
      toArray(),
    ),
  );
  const gap = firstValueFrom(session.gaps$);
  const refetched = firstValueFrom(session.tools$.pipe(skip(1)));
  await restart();
  assert.ok((await states).some(({ state }) => state === 'reconnecting'));
  const { since, until, cause } = await gap;
  assert.ok(since <= until);
  await refetched;
  watching.unsubscribe();
  await receiveResourceListChange(session);
  return `gap: ${cause.name}`;
}

/**
 * Cuts the stream of a running server. Its event store accepts the last event id and then resumes into a stream that stays
 * silent, so the case checks that the gap is reported and that the next notification arrives.
 */
async function cutOff(session: MCPSession, cut: () => void): Promise<string> {
  // The client can resume only after an event with an id.
  await session.connect();
  await receiveResourceListChange(session);
  const connection = await firstValueFrom(session.connections$);
  const gap = firstValueFrom(session.gaps$);
  const listening = firstValueFrom(
    session.status$.pipe(filter((status) => status.state === 'connected' && status.listening)),
  );
  cut();
  await gap;
  await listening;
  assert.equal(await firstValueFrom(session.connections$), connection);
  await receiveResourceListChange(session);
  return 'the same connection, one gap, and live again';
}

await runCases('everything', [...cases, ...outages], {
  atOnce: 3,
  close: () => Promise.all([servers.streamableHttp.stop(), servers.sse.stop()]),
});
