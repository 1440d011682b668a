import { setTimeout } from 'node:timers/promises';
import { HttpConnector, MCPSession, ofMethod } from 'rx-mcp';
import { map } from 'rxjs';
import { event, json, plain, type Answer } from '../../faults/world/responses';
import { startWorldServer } from '../../faults/world/startWorldServer';
import { createOutages } from '../createOutages';
import { createRandom } from '../createRandom';
import { createSoakClient, soakOptions } from '../createSoakClient';
import { oneOf, type SoakWire, whileMs, type WireOptions } from '../wire';

/** The responses of a proxy without a server behind it. */
const answers: Record<string, Answer> = {
  '502 with HTML': (incoming) => plain(incoming, 502, '<html>bad gateway</html>', 'text/html'),
  '503 with HTML': (incoming) => plain(incoming, 503, '<html>no backend</html>', 'text/html'),
  '404 as text': (incoming) => plain(incoming, 404, '404 page not found'),
  '404 as JSON': (incoming) => json(incoming, 404, { message: 'no Route matched with those values' }),
  401: (incoming) => plain(incoming, 401, 'unauthorized'),
  400: (incoming) => plain(incoming, 400, 'bad request'),
  'a reset': ({ to }) => Boolean(to.destroy()),
};

/** A server in this process that is deployed repeatedly, and the proxy in front of it. */
export async function deployWire({ seed, sessions }: WireOptions): Promise<SoakWire> {
  const random = createRandom(seed);
  const server = await startWorldServer();
  const outages = createOutages();
  const clients = await Promise.all(
    Array.from({ length: sessions }, () => {
      const session = new MCPSession(new HttpConnector(server.url, soakOptions), { timeout: 5_000 });
      const numbers$ = session.notifications$.pipe(
        ofMethod('custom/tick'),
        map(({ params }) => Number(params?.['n'])),
      );
      return createSoakClient({ session, numbers$, work: { name: 'work', args: {} }, outages });
    }),
  );

  /** Replaces the server by one that knows no session, or accepts any session id. */
  function replace(): void {
    server.acceptAnyId(random() < 0.5);
    server.forget();
    server.cut();
  }

  const deploy = (answer: Answer) => async (): Promise<void> => {
    const end = outages.begin();
    server.answer(answer);
    replace();
    await setTimeout(whileMs(random));
    server.answer(undefined);
    end();
  };

  return {
    name: 'HTTP, rolling deploys',
    clients,
    outages,
    period: 1_500,
    isUp: () => true,
    faults: [
      ...Object.entries(answers).map(([name, answer]) => ({
        name: `a deploy, with ${name}`,
        rows: [],
        inject: deploy(answer),
      })),
      {
        name: 'a deploy, with one answer after another',
        rows: [],
        inject: deploy((incoming) => oneOf(Object.values(answers), random)(incoming)),
      },
      {
        name: 'a deploy, with connections refused',
        rows: [2],
        async inject() {
          const end = outages.begin();
          server.acceptAnyId(random() < 0.5);
          await server.kill();
          await setTimeout(whileMs(random));
          await server.start();
          end();
        },
      },
      { name: 'a deploy without a pause', rows: [2], inject: async () => replace() },
      { name: 'streams are cut', rows: [5], inject: async () => server.cut() },
    ],
    async send(from, count) {
      const ticks = Array.from({ length: count }, (_, index) =>
        event({ method: 'custom/tick', params: { n: from + index } }),
      );
      server.write(ticks.join(''));
      for (const client of clients) client.sent(from, count);
    },
    settle: () => Promise.resolve(),
    async end() {
      await Promise.all(clients.map((client) => client.end()));
      await server.close();
    },
  };
}
