import { setTimeout } from 'node:timers/promises';
import type { TcpProxy } from '../../rig/startTcpProxy';
import type { Outages } from '../createOutages';
import type { SoakClient } from '../soakClient';
import { oneOf, type WireFault, whileMs } from '../wire';

/** Dependencies of {@link networkFaults}. */
interface Network {
  proxy: TcpProxy;
  clients: readonly SoakClient[];
  outages: Outages;
  random(): number;
}

/** Creates the network faults of an HTTP wire. */
export function networkFaults({ proxy, clients, outages, random }: Network): WireFault[] {
  return [
    {
      name: 'the network is away',
      rows: [4],
      async inject() {
        const end = outages.begin();
        await proxy.refuse(oneOf([true, 'reset'], random));
        proxy.reset();
        await setTimeout(whileMs(random));
        await proxy.refuse(false);
        end();
      },
    },
    {
      name: 'the peer vanishes',
      rows: [11],
      async inject() {
        proxy.vanish();
        for (const client of clients) client.streamDied();
      },
    },
    { name: 'every connection is reset', rows: [5, 17], inject: async () => proxy.reset() },
    {
      name: 'the network is silent, then delivers',
      rows: [11],
      async inject() {
        const end = outages.begin();
        proxy.silence(oneOf(['up', 'down', true], random));
        await setTimeout(whileMs(random));
        proxy.silence(false);
        end();
      },
    },
    {
      name: 'the network is slow',
      rows: [],
      async inject() {
        proxy.delay(random() * 50);
        await setTimeout(whileMs(random));
        proxy.delay(0);
      },
    },
  ];
}
