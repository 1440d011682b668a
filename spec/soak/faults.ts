import { setTimeout } from 'node:timers/promises';
import type { TcpProxy } from '../rig/startTcpProxy';
import type { FaultServer } from '../rig/startFaultServer';
import { stores } from './stores';

/** The parts of a soak that a fault can affect. */
export interface SoakStage {
  server: FaultServer;
  proxy: TcpProxy;
  /** Returns a random number between 0 and 1. */
  random(): number;
}

/** A fault of a soak. Its effects are undone when its promise resolves. */
export interface SoakFault {
  name: string;
  /** The rows of the table of faults that it covers. */
  rows: readonly number[];
  /** Whether it needs a running server. Some faults affect only the network. */
  needsServer: boolean;
  happen(stage: SoakStage): Promise<unknown>;
}

const refusals = [503, 500, 409, 'html', 'json', 'end-at-once', 'reset-at-once', 'reset', 'hang'] as const;

const oneOf = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)]!;
/** A random duration: long enough to be noticed, and sometimes longer. */
const aWhile = (random: () => number): Promise<void> => setTimeout(100 + random() * 900);

const ofServer = (name: string, rows: readonly number[], happen: SoakFault['happen']): SoakFault => ({
  name,
  rows,
  needsServer: true,
  happen,
});
const ofNetwork = (name: string, rows: readonly number[], happen: SoakFault['happen']): SoakFault => ({
  name,
  rows,
  needsServer: false,
  happen,
});

/** The possible faults of a soak. */
export const faults: readonly SoakFault[] = [
  ofServer('the server is killed, and is back after a while', [1, 2, 3], async ({ server, random }) => {
    await server.kill();
    await aWhile(random);
    await server.restart({ forgottenStatus: oneOf([404, 400], random), eventStore: oneOf(stores, random) });
  }),
  ofNetwork('the network is away', [4], async ({ proxy, random }) => {
    await proxy.refuse(oneOf([true, 'reset'], random));
    proxy.reset();
    await aWhile(random);
    await proxy.refuse(false);
  }),
  ofServer('listening streams are reset', [5, 6, 7, 8, 23], ({ server }) => server.resetGet()),
  ofServer('listening streams end', [12, 14], ({ server }) => server.endGet()),
  ofServer('listening streams are reset, again and again', [9, 33], async ({ server, random }) => {
    for (let times = 0; times < 4; times++) {
      await server.resetGet();
      await setTimeout(random() * 100);
    }
  }),
  ofNetwork('the server holds on to streams that are gone', [10], async ({ proxy }) =>
    proxy.reset({ method: 'GET', side: 'client' }),
  ),
  ofServer(
    'the server holds on to streams that are gone, until it notices',
    [10],
    async ({ server, proxy, random }) => {
      proxy.reset({ method: 'GET', side: 'client' });
      await aWhile(random);
      await server.resetGet();
    },
  ),
  ofNetwork('the peer vanishes', [11], async ({ proxy }) => proxy.vanish()),
  ofServer('the peer vanishes, and the server notices', [11], async ({ server, proxy, random }) => {
    proxy.vanish();
    await aWhile(random);
    await server.resetGet();
  }),
  ofServer('listening is refused', [13, 15], async ({ server, random }) => {
    await server.refuseGet(oneOf(refusals, random));
    await server.resetGet();
    await aWhile(random);
    await server.refuseGet(null);
  }),
  ofServer('sessions are forgotten', [2, 16], ({ server }) => server.forgetSessions()),
  ofServer('sessions are forgotten, while their streams stay open', [16], ({ server }) =>
    server.forgetSessions({ keepStreams: true }),
  ),
  ofServer('calls lose their streams', [17, 18], ({ server, random }) =>
    random() < 0.5 ? server.cutPost() : server.endPost(),
  ),
  ofServer('calls are refused', [], async ({ server, random }) => {
    await server.answerPost(oneOf([503, 429, 'reset'], random), { times: 20 });
    await aWhile(random);
    await server.answerPost(null);
  }),
  ofNetwork('every connection is reset', [5, 17], async ({ proxy }) => proxy.reset()),
  ofNetwork('the network is silent, then delivers', [11], async ({ proxy, random }) => {
    proxy.silence(oneOf(['up', 'down', true], random));
    await aWhile(random);
    proxy.silence(false);
  }),
  ofNetwork('the network is slow', [], async ({ proxy, random }) => {
    proxy.delay(random() * 50);
    await aWhile(random);
    proxy.delay(0);
  }),
];
