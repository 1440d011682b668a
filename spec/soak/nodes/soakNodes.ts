import { setTimeout } from 'node:timers/promises';
import { createRandom } from '../createRandom';
import { type NodesReport, runNodes } from './runNodes';

/** Options for {@link soakNodes}. */
export interface SoakNodesOptions {
  seed: number;
  seconds: number;
  /** The number of sessions of this library's client. A quarter of this number of sessions of the SDK's client is added. */
  sessions: number;
  /** Called with each fault when it begins. */
  onFault(name: string, second: number): void;
}

/**
 * Runs three nodes on a Redis with sessions that listen and call. Every few seconds a node is killed, or a different fault of a node
 * or of Redis occurs.
 */
export async function soakNodes({ seed, seconds, sessions, onFault }: SoakNodesOptions): Promise<NodesReport> {
  const random = createRandom(seed);

  return runNodes({
    own: sessions,
    raw: Math.floor(sessions / 4),
    async injectFaults(stage) {
      const kill = (index: number): Promise<void> => stage.replace(index, 'kill');
      const others = {
        'a node deployed': (index: number) => stage.replace(index, 'stop'),
        'the connections of a node to Redis reset': async (index: number) => void stage.links[index]!.reset(),
        'Redis paused for a second': async () => {
          stage.redis.pause();
          await setTimeout(1_000);
          stage.redis.resume();
        },
      };
      const startedAt = performance.now();
      const second = (): number => Math.round((performance.now() - startedAt) / 1_000);
      while (second() < seconds) {
        await setTimeout(1_000 + random() * 3_000);
        const other = Object.entries(others)[Math.floor(random() * 3)]!;
        const [name, act] = random() < 0.5 ? (['a node killed', kill] as const) : other;
        onFault(name, second());
        await act(Math.floor(random() * stage.nodes.length));
      }
    },
  });
}

/** Formats the report. */
export function nodesLines({ sent, refused, own, raw, failures, heap }: NodesReport): string[] {
  return [
    `${sent} numbers to each session and to all; ${refused} refused while Redis did not respond`,
    ...Object.entries({ "this library's client": own, "the SDK's client": raw }).map(([client, report]) => {
      const { delivered, duplicated, lostInside, lostOutside, gaps, calls, stuck } = report;
      const failed = Object.values(calls.failed).reduce((sum, count) => sum + count, 0);
      return `${client}: ${delivered} delivered, ${duplicated} duplicated, ${lostInside} lost in ${gaps} gaps, ${lostOutside} lost outside of gaps; calls: ${calls.done} done, ${calls.nodeLost} node_lost, ${failed} failed, ${calls.wrong} wrong; ${stuck} sessions stuck`;
    }),
    `${failures.length} nodes ended unexpectedly; largest heap ${Math.round(heap / 2 ** 20)} MiB`,
  ];
}

/** Describes the conditions that must hold and do not. */
export function unmetNodeConditions({ own, raw, failures, heap }: NodesReport): string[] {
  const all = [own, raw];
  const sum = (of: (report: typeof own) => number): number => all.reduce((total, report) => total + of(report), 0);
  return Object.entries({
    'numbers were lost outside a gap': sum(({ lostOutside }) => lostOutside),
    'numbers were duplicated': sum(({ duplicated }) => duplicated),
    'calls reported wrong progress': sum(({ calls }) => calls.wrong),
    'sessions did not receive the last number': sum(({ stuck }) => stuck),
    'nodes ended unexpectedly': failures.length,
    'a node has a heap of more than 200 MiB': heap > 200 * 2 ** 20 ? 1 : 0,
  }).flatMap(([broken, count]) => (count > 0 ? [`${broken} (${count})`] : []));
}
