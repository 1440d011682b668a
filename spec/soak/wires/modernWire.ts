import { setTimeout } from 'node:timers/promises';
import { HttpConnector, MCPSession, resourceUpdated } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { map, merge } from 'rxjs';
import { startTcpProxy } from '../../rig/startTcpProxy';
import { createOutages } from '../createOutages';
import { createRandom } from '../createRandom';
import { createSoakClient, soakOptions } from '../createSoakClient';
import { oneOf, type SoakWire, whileMs, type WireOptions } from '../wire';
import { startModernProcess } from './startModernProcess';
import { networkFaults } from './networkFaults';

/** Each number is an update of the next resource, because this version delivers no custom notifications outside of calls. */
const uris = Array.from({ length: 1_000 }, (_, index) => `soak://numbers/${index}`);
/** Limits the rate, because a number can be identified only until its resource is used again. */
const maxRate = uris.length / 20;

/** A server of protocol 2026-07-28 over HTTP, in its own process, behind a proxy. */
export async function modernWire({ seed, sessions, last }: WireOptions): Promise<SoakWire> {
  const random = createRandom(seed);
  let server = await startModernProcess();
  const { port } = server;
  const proxy = await startTcpProxy({ port });
  const outages = createOutages();
  const engine = modern({ negotiation: 'modern' });

  /** Returns the last number that was sent as an update of a resource. */
  const numberAt = (index: number): number => last() - ((((last() - index) % uris.length) + uris.length) % uris.length);

  const clients = await Promise.all(
    Array.from({ length: sessions }, () => {
      const session = new MCPSession(new HttpConnector(proxy.url(), { ...soakOptions, engine }), { timeout: 5_000 });
      const numbers$ = merge(
        ...uris.map((uri, index) =>
          session.notifications$.pipe(
            resourceUpdated(uri),
            map(() => numberAt(index)),
          ),
        ),
      );
      return createSoakClient({
        session,
        numbers$,
        work: { name: 'long_task', args: { steps: 3, delayMs: 20 } },
        outages,
      });
    }),
  );

  return {
    name: 'HTTP, 2026-07-28',
    clients,
    outages,
    period: 1_000,
    maxRate,
    isUp: () => server.isUp,
    faults: [
      {
        name: 'the server is killed, and is back after a while',
        rows: [1],
        needsServer: true,
        async inject() {
          const end = outages.begin();
          await server.kill();
          await setTimeout(whileMs(random));
          server = await startModernProcess(port);
          end();
        },
      },
      {
        name: 'requests are refused during a deploy',
        rows: [],
        needsServer: true,
        async inject() {
          const end = outages.begin();
          await server.order({ refuse: oneOf([400, 401, 404, 429, 500, 502, 503], random) });
          proxy.reset();
          await setTimeout(whileMs(random));
          await server.order({ refuse: null });
          end();
        },
      },
      ...networkFaults({ proxy, clients, outages, random }),
    ],
    async send(from, count) {
      await server.order({ uris: Array.from({ length: count }, (_, index) => uris[(from + index) % uris.length]!) });
      for (const client of clients) client.sent(from, count);
    },
    settle: () => Promise.resolve(),
    async end() {
      await Promise.all(clients.map((client) => client.end()));
      await proxy.close();
      await server.kill();
    },
  };
}
