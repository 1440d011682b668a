import { setTimeout } from 'node:timers/promises';
import type { Balance } from '../balance';
import type { CallCounts, Listener } from './listeners';
import { type NodesStage, startNodesStage, startSending, type StageOptions } from './nodesStage';

/** What became of everything that was sent while nodes and Redis failed. */
export interface NodesReport {
  /** Numbers that were sent, to each session and to all. */
  readonly sent: number;
  /** Numbers that the store refused while it could not be reached. */
  readonly refused: number;
  readonly own: ClientReport;
  readonly raw: ClientReport;
  /** Nodes that ended when nothing ended them. */
  readonly failures: readonly string[];
  /** The largest heap of a node, in bytes. */
  readonly heap: number;
}

/** What became of it at the sessions of one kind of client. */
interface ClientReport extends Omit<Balance, 'sent'> {
  readonly gaps: number;
  readonly calls: CallCounts;
  /** Sessions that did not receive the last number. */
  readonly deaf: number;
}

/** Options for {@link runNodes}. */
export interface NodesOptions extends StageOptions {
  /** Milliseconds between two numbers. Default 20. */
  periodMs?: number;
  /** Whether the clients call tools all the time. Default `true`. */
  calls?: boolean;
  /** What happens meanwhile. */
  happen(stage: NodesStage): Promise<unknown>;
}

/** Milliseconds that clients have to catch up when all is over. */
const graceMs = 45_000;

/** Numbers and calls through several nodes, while something happens to them. */
export async function runNodes({
  periodMs = 20,
  calls = true,
  happen,
  ...options
}: NodesOptions): Promise<NodesReport> {
  const stage = await startNodesStage(options);
  const { listeners, nodes } = stage;
  const sending = startSending(stage, periodMs);
  let isOver = false;

  async function callAll(listener: Listener): Promise<void> {
    while (!isOver) {
      await listener.call(20, 20);
      await setTimeout(50);
    }
  }
  const calling = Promise.all(calls ? listeners.map(callAll) : []);
  try {
    await happen(stage);
    // What is sent when all is well again reaches every client that goes on.
    await setTimeout(1_000);
    await sending.stop();
    const { last } = sending;
    const reached = await Promise.all(listeners.map((listener) => listener.reached(last, graceMs)));
    isOver = true;
    await Promise.race([calling, setTimeout(graceMs, undefined, { ref: false })]);

    const reportOf = (client: Listener['client']): ClientReport => {
      const those = listeners.filter((listener) => listener.client === client);
      const balances = those.flatMap(({ own, all }) => [
        own.balance(last, sending.sentAt('own')),
        all.balance(last, sending.sentAt('all')),
      ]);
      const sum = (key: keyof Balance): number => balances.reduce((total, balance) => total + balance[key], 0);
      return {
        delivered: sum('delivered'),
        duplicated: sum('duplicated'),
        lostInside: sum('lostInside'),
        lostOutside: sum('lostOutside'),
        gaps: those.reduce((total, { gaps }) => total + gaps, 0),
        calls: addUp(those.map((listener) => listener.calls)),
        deaf: listeners.filter((listener, index) => listener.client === client && !reached[index]).length,
      };
    };
    return {
      sent: last - sending.failed,
      refused: sending.failed,
      own: reportOf('own'),
      raw: reportOf('raw'),
      failures: nodes.flatMap(({ failure }) => failure ?? []),
      heap: Math.max(...nodes.map(({ report }) => report.heap)),
    };
  } finally {
    isOver = true;
    await sending.stop();
    await stage.end();
  }
}

function addUp(all: readonly CallCounts[]): CallCounts {
  const total: CallCounts = { done: 0, nodeLost: 0, failed: {}, wrong: 0 };
  for (const { done, nodeLost, failed, wrong } of all) {
    total.done += done;
    total.nodeLost += nodeLost;
    total.wrong += wrong;
    for (const [message, count] of Object.entries(failed)) total.failed[message] = (total.failed[message] ?? 0) + count;
  }
  return total;
}
