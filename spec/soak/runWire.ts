import { setTimeout } from 'node:timers/promises';
import type { Balance } from './balance';
import { createRandom } from './createRandom';
import type { WireReport } from './soakReport';
import type { SoakWire, WireOptions } from './wire';

/** Options for {@link runWire}. */
export interface RunOptions {
  seed: number;
  seconds: number;
  sessions: number;
  rate: number;
  onFault(name: string, second: number): void;
}

/** The time for sessions to recover after the last fault, in milliseconds. The slowest detection takes ten seconds. */
const graceMs = 60_000;
const nothing: Balance = { sent: 0, delivered: 0, duplicated: 0, lostInside: 0, lostOutside: 0 };

/** Sends numbers over one wire, with faults, and accounts for each of them. */
export async function runWire(
  create: (options: WireOptions) => Promise<SoakWire>,
  { seed, seconds, sessions, rate, onFault }: RunOptions,
): Promise<WireReport> {
  let last = 0;
  const wire = await create({ seed, sessions, last: () => last });
  const { clients, faults, period } = wire;
  const random = createRandom(seed + 1);
  let isOver = false;

  /** Sends the numbers that are due while the server is running. */
  async function sendAll(): Promise<void> {
    let lastAt = performance.now();
    while (!isOver) {
      await setTimeout(20);
      const due = Math.floor(((performance.now() - lastAt) * Math.min(rate, wire.maxRate ?? Infinity)) / 1_000);
      if (due === 0) continue;
      lastAt = performance.now();
      if (!wire.isUp()) continue;
      const from = last + 1;
      last += due;
      // If the server was killed meanwhile, it is unknown which numbers it sent.
      await wire.send(from, due).catch(() => undefined);
    }
  }

  const times = new Map<string, number>();
  const pending = new Set<Promise<unknown>>();
  const sending = sendAll();
  const startedAt = performance.now();
  const unreachableBefore = clients.map(({ outages }) => outages.total());
  for (let at = period; at <= seconds * 1_000; at += period) {
    await setTimeout(Math.max(0, startedAt + at - performance.now()));
    const possible = faults.filter(({ needsServer }) => !needsServer || wire.isUp());
    const fault = possible[Math.floor(random() * possible.length)]!;
    times.set(fault.name, (times.get(fault.name) ?? 0) + 1);
    onFault(`${wire.name}: ${fault.name}`, Math.round(at / 1_000));
    // A fault can fail because another one has killed the server.
    const injecting = fault.inject().catch(() => undefined);
    pending.add(injecting);
    void injecting.then(() => pending.delete(injecting));
  }
  await Promise.all(pending);
  const elapsed = performance.now() - startedAt;

  await wire.settle();
  const from = last + 1;
  const recovered = await Promise.all(
    clients.map((client) => inTime(Promise.all([client.listens(), client.receives(from)]))),
  );
  isOver = true;
  await sending;
  const end = last;
  await inTime(Promise.all(clients.filter((_, index) => recovered[index]).map((client) => client.receives(end))));

  const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
  const report: WireReport = {
    name: wire.name,
    sessions,
    faults: times,
    balance: clients.map((client) => client.balance(end)).reduce(add, nothing),
    gaps: sum(clients.map((client) => client.gaps)),
    gapMs: sum(clients.map((client) => client.gapTime)),
    unreachableMs: sum(clients.map(({ outages }, index) => outages.total() - unreachableBefore[index]!)),
    elapsedMs: elapsed * sessions,
    recoveries: clients.flatMap((client) => client.recoveries),
    returns: clients.flatMap((client) => client.returns),
    connections: sum(clients.map((client) => client.connections)),
    longestSilence: Math.max(...clients.map((client) => client.longestSilence)),
    calls: {
      answered: sum(clients.map(({ calls }) => calls.answered)),
      failed: sum(clients.map(({ calls }) => calls.failed)),
      untyped: sum(clients.map(({ calls }) => calls.untyped)),
    },
    notListening: recovered.filter((hasRecovered) => !hasRecovered).length,
    ended: clients.flatMap(({ endedBy }) => endedBy ?? []),
  };
  await wire.end();
  return report;
}

function add(one: Balance, other: Balance): Balance {
  return {
    sent: one.sent + other.sent,
    delivered: one.delivered + other.delivered,
    duplicated: one.duplicated + other.duplicated,
    lostInside: one.lostInside + other.lostInside,
    lostOutside: one.lostOutside + other.lostOutside,
  };
}

/** Resolves with whether a promise resolved within the time limit. */
function inTime(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), setTimeout(graceMs, false, { ref: false })]);
}
