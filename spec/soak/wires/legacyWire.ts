import { setTimeout } from 'node:timers/promises';
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { map } from 'rxjs';
import { startFaultServer } from '../../rig/startFaultServer';
import { startTcpProxy } from '../../rig/startTcpProxy';
import { createOutages } from '../createOutages';
import { createRandom } from '../createRandom';
import { createSoakClient, soakOptions } from '../createSoakClient';
import { stores } from '../stores';
import { oneOf, type SoakWire, type WireFault, whileMs, type WireOptions } from '../wire';
import { networkFaults } from './networkFaults';

const refusals = [503, 500, 409, 'html', 'json', 'end-at-once', 'reset-at-once', 'reset', 'hang'] as const;

/** A server of protocol 2025-11-25 over Streamable HTTP, in its own process, behind a proxy. */
export async function legacyWire({ seed, sessions }: WireOptions): Promise<SoakWire> {
  const random = createRandom(seed);
  const server = await startFaultServer({ eventStore: oneOf(stores, random), keepAlive: 250 });
  const proxy = await startTcpProxy(server);
  const outages = createOutages();
  const clients = await Promise.all(
    Array.from({ length: sessions }, () => {
      const session = new MCPSession(new HttpConnector(proxy.url(), soakOptions), { timeout: 5_000 });
      const numbers$ = session.notifications$.pipe(
        ofMethod('custom/tick'),
        map(({ params }) => Number(params?.['n'])),
      );
      const work = { name: 'work', args: { steps: 3, delayMs: 20 } };
      return createSoakClient({ session, numbers$, work, outages });
    }),
  );
  let isUp = true;
  server.events$.subscribe((event) => {
    if (event.type === 'down') isUp = false;
    else if (event.type === 'up') isUp = true;
    // A rejection with 409 proves that the server still holds the dropped stream.
    else if (event.type === 'answer' && event.method === 'GET' && event.status === 409) {
      outages.add(heldSince, performance.now());
    }
  });
  let heldSince = Infinity;

  function holdOn(): void {
    heldSince = performance.now();
    proxy.reset({ method: 'GET', side: 'client' });
  }

  async function during(reset: () => unknown): Promise<void> {
    const end = outages.begin();
    await setTimeout(whileMs(random));
    await reset();
    end();
  }

  const ofServer: Record<string, [rows: readonly number[], inject: WireFault['inject']]> = {
    'the server is killed and restarted later': [
      [1, 2, 3],
      async () => {
        const end = outages.begin();
        await server.kill();
        await setTimeout(whileMs(random));
        await server.restart({ forgottenStatus: oneOf([404, 400], random), eventStore: oneOf(stores, random) });
        end();
      },
    ],
    'listening streams are reset': [[5, 6, 7, 8, 23], () => server.resetGet()],
    'listening streams end': [[12, 14], () => server.endGet()],
    'listening streams are reset repeatedly': [
      [9, 33],
      async () => {
        for (let times = 0; times < 4; times++) {
          await server.resetGet();
          await setTimeout(random() * 100);
        }
      },
    ],
    'the server holds dropped streams until it notices': [
      [10],
      async () => {
        holdOn();
        await setTimeout(whileMs(random));
        await server.resetGet();
      },
    ],
    'listening is refused': [
      [13, 15],
      async () => {
        const refusal = oneOf(refusals, random);
        await server.refuseGet(refusal);
        await server.resetGet();
        await during(() => server.refuseGet(null));
        if (refusal === 'hang') for (const client of clients) client.streamStalled();
      },
    ],
    'sessions are forgotten': [[2, 16], () => server.forgetSessions()],
    'sessions are forgotten, but their streams stay open': [[16], () => server.forgetSessions({ keepStreams: true })],
    'calls lose their streams': [[17, 18], () => (random() < 0.5 ? server.cutPost() : server.endPost())],
    'calls are refused': [
      [],
      async () => {
        await server.answerPost(oneOf([503, 429, 'reset'], random), { times: 20 });
        await setTimeout(whileMs(random));
        await server.answerPost(null);
      },
    ],
  };

  return {
    name: 'HTTP',
    clients,
    outages,
    period: 1_000,
    isUp: () => isUp,
    faults: [
      ...Object.entries(ofServer).map(([name, [rows, inject]]) => ({ name, rows, inject: inject, needsServer: true })),
      ...networkFaults({ proxy, clients, outages, random }),
      { name: 'the server holds dropped streams', rows: [10], inject: async () => holdOn() },
    ],
    async send(from, count) {
      await server.notifyMany(count, 'custom/tick', { from });
      for (const client of clients) client.sent(from, count);
    },
    settle: () => server.resetGet(),
    async end() {
      await Promise.all(clients.map((client) => client.end()));
      await proxy.close();
      await server.stop();
    },
  };
}
