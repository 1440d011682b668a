import { setTimeout } from 'node:timers/promises';
import type { Balance } from '../balance';
import type { CallCounts, Listener } from './listeners';
import { type NodesStage, startNodesStage, startSending, type StageOptions } from './nodesStage';

/** The totals of a run in which nodes and Redis failed. */
export interface NodesReport {
  /** The numbers that were sent, to each session and to all. */
  readonly sent: number;
  /** The numbers that the store rejected while it was unreachable. */
  readonly refused: number;
  readonly own: ClientReport;
  readonly raw: ClientReport;
  /** Nodes that ended without being ended by the run. */
  readonly failures: readonly string[];
  /** The largest heap of a node, in bytes. */
  readonly heap: number;
}

/** The totals for the sessions of one kind of client. */
interface ClientReport extends Omit<Balance, 'sent'> {
  readonly gaps: number;
  readonly calls: CallCounts;
  /** The number of sessions that did not receive the last number. */
  readonly stuck: number;
}

/** Options for {@link runNodes}. */
export interface NodesOptions extends StageOptions {
  /** The interval between two numbers, in milliseconds. Default 20. */
  periodMs?: number;
  /** Whether the clients continuously call tools. Default `true`. */
  calls?: boolean;
  /** Injects the faults. */
  injectFaults(stage: NodesStage): Promise<unknown>;
}

/** The time for clients to catch up at the end, in milliseconds. */
const graceMs = 45_000;

/** Sends numbers and makes calls through several nodes, while faults are injected. */
export async function runNodes({
  periodMs = 20,
  calls = true,
  injectFaults,
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
    await injectFaults(stage);
    // Numbers that are sent after the recovery reach every working client.
    await setTimeout(1_000);
    await sending.stop();
    const { last } = sending;
    const received = await Promise.all(listeners.map((listener) => listener.receives(last, graceMs)));
    isOver = true;
    await Promise.race([calling, setTimeout(graceMs, undefined, { ref: false })]);

    const reportOf = (client: Listener['client']): ClientReport => {
      const ofClient = listeners.filter((listener) => listener.client === client);
      const balances = ofClient.flatMap(({ own, all }) => [
        own.balance(last, sending.sentAt('own')),
        all.balance(last, sending.sentAt('all')),
      ]);
      const sum = (key: keyof Balance): number => balances.reduce((total, balance) => total + balance[key], 0);
      return {
        delivered: sum('delivered'),
        duplicated: sum('duplicated'),
        lostInside: sum('lostInside'),
        lostOutside: sum('lostOutside'),
        gaps: ofClient.reduce((total, { gaps }) => total + gaps, 0),
        calls: addUp(ofClient.map((listener) => listener.calls)),
        stuck: listeners.filter((listener, index) => listener.client === client && !received[index]).length,
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
