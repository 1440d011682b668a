import { emissions, type Transport } from '../everything/emissions';
import { outages } from '../everything/outages';
import { connectorTo, sessionOver, startEverything, withSession } from '../servers/officialServer';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';

// The official server that sends every kind of message, over each of its transports.
const servers = { streamableHttp: await startEverything('streamableHttp'), sse: await startEverything('sse') };
const urls: Record<Transport, string | undefined> = {
  stdio: undefined,
  streamableHttp: servers.streamableHttp.url,
  sse: servers.sse.url,
};
const transports: readonly Transport[] = ['stdio', 'streamableHttp', 'sse'];

const cases = transports.flatMap((transport) =>
  emissions.map(({ name, see }): ProofCase => ({
    name: `${name} over ${transport}`,
    seconds: 20,
    run: () => withSession(sessionOver(connectorTo(urls[transport])), (session) => see(session, transport)),
  })),
);

await runCases('everything', [...cases, ...outages], {
  atOnce: 3,
  close: () => Promise.all([servers.streamableHttp.stop(), servers.sse.stop()]),
});
