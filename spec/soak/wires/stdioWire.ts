import { setTimeout } from 'node:timers/promises';
import { MCPSession, ofMethod } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { map } from 'rxjs';
import { programArgs } from '../../rig/programArgs';
import { createOutages } from '../createOutages';
import { createRandom } from '../createRandom';
import { createSoakClient, soakOptions } from '../createSoakClient';
import type { SoakClient } from '../soakClient';
import { type SoakWire, whileMs, type WireOptions } from '../wire';
import { startStdioControl, type StdioProcess } from './stdioControl';

/** One process per session, which is killed and respawned. */
export async function stdioWire({ seed, sessions }: WireOptions): Promise<SoakWire> {
  const random = createRandom(seed);
  const clients = new Map<string, SoakClient>();
  const ready = new Map<string, StdioProcess>();
  let fails = false;
  const control = await startStdioControl({
    onStarted: (process) => process.order(fails ? { kind: 'exit', code: 1 } : { kind: 'start' }),
    onReport(process, report) {
      const client = clients.get(process.name);
      if (report.kind === 'sent') client?.sent(report.from, report.count);
      if (report.kind !== 'ready') return;
      ready.set(process.name, process);
      // A spawned process is unreachable until it reads its input.
      client?.outages.add(report.spawnedAt - performance.timeOrigin, performance.now());
    },
    onGone(process) {
      if (ready.get(process.name) === process) ready.delete(process.name);
    },
  });

  await Promise.all(
    Array.from({ length: sessions }, async (_, index) => {
      const name = String(index);
      const args = [...programArgs('spec/soak/wires/stdioProgram.ts'), String(control.port), name];
      const { reconnect, connectTimeout } = soakOptions;
      const connector = new StdioConnector({ command: process.execPath, args }, { reconnect, connectTimeout });
      const session = new MCPSession(connector, { timeout: 5_000 });
      const numbers$ = session.notifications$.pipe(
        ofMethod('custom/tick'),
        map(({ params }) => Number(params?.['n'])),
      );
      clients.set(name, await createSoakClient({ session, numbers$, work: { name: 'work', args: { delayMs: 20 } } }));
    }),
  );
  const outages = createOutages();
  const kill = (signal: NodeJS.Signals): void => ready.forEach(({ pid }) => process.kill(pid, signal));
  const orderAll = (order: Parameters<StdioProcess['order']>[0]): void => ready.forEach((each) => each.order(order));

  /** Records an outage of every session for the duration of a fault. */
  async function during(last: () => Promise<unknown>): Promise<void> {
    const ends = [...clients.values()].map((client) => client.outages.begin());
    await last();
    for (const end of ends) end();
  }

  return {
    name: 'stdio',
    clients: [...clients.values()],
    outages,
    period: 2_000,
    isUp: () => ready.size > 0,
    faults: [
      { name: 'processes are killed', rows: [24], inject: async () => kill('SIGKILL') },
      { name: 'processes exit', rows: [24], inject: async () => orderAll({ kind: 'exit', code: 0 }) },
      { name: 'processes write invalid output', rows: [30], inject: async () => orderAll({ kind: 'garbage' }) },
      {
        name: 'processes exit, and those that are spawned die at once',
        rows: [33],
        inject: () =>
          during(async () => {
            fails = true;
            orderAll({ kind: 'exit', code: 1 });
            await setTimeout(whileMs(random));
            fails = false;
          }),
      },
      {
        name: 'processes are paused',
        rows: [],
        inject: () =>
          during(async () => {
            const paused = [...ready.values()];
            for (const { pid } of paused) process.kill(pid, 'SIGSTOP');
            await setTimeout(whileMs(random));
            for (const { pid } of paused) process.kill(pid, 'SIGCONT');
          }),
      },
    ],
    send: async (from, count) => orderAll({ kind: 'send', from, count }),
    settle: () => Promise.resolve(),
    async end() {
      await Promise.all([...clients.values()].map((client) => client.end()));
      await control.close();
    },
  };
}
