import { setTimeout } from 'node:timers/promises';
import { usage } from '../faults/calls/soak/usage';
import { startFaultServer } from '../rig/startFaultServer';
import { startTcpProxy } from '../rig/startTcpProxy';
import type { Balance } from './balance';
import { createRandom } from './createRandom';
import { createSubject } from './createSubject';
import { faults, type SoakFault, type SoakStage } from './faults';
import { stores } from './stores';
import type { SoakReport } from './soakReport';

/** Options for {@link runSoak}. */
export interface SoakOptions {
  seed: number;
  seconds: number;
  sessions: number;
  /** The numbers per second that the server sends to each session. */
  rate: number;
  /** Called with each fault when it begins. */
  onFault(fault: SoakFault, second: number): void;
}

/** The time for sessions to recover at the end, in milliseconds. The slowest detection takes ten seconds. */
const grace = 60_000;
const nothing: Balance = { sent: 0, delivered: 0, duplicated: 0, lostInside: 0, lostOutside: 0 };

/** Runs sessions, a server that sends numbers to all of them, a network in between, and a fault every second. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  // Warm up first: objects that are created once and shared are not leaks.
  await goThrough({ ...options, seconds: 1, sessions: 1, onFault: () => undefined });
  const before = await usage();
  const report = await goThrough(options);
  return { ...report, before, after: await usage() };
}

async function goThrough({
  seed,
  seconds,
  sessions,
  rate,
  onFault,
}: SoakOptions): Promise<Omit<SoakReport, 'before' | 'after'>> {
  const stage = await startStage(seed, sessions);
  const { subjects, server, random } = stage;

  /** When each number was sent, if that is known. */
  const sentAt: (number | undefined)[] = [];
  let last = 0;
  let isOver = false;

  async function send(count: number): Promise<void> {
    const from = last + 1;
    last += count;
    try {
      await server.notifyMany(count, 'custom/tick', { from });
      const now = Date.now();
      for (let n = from; n < from + count; n++) sentAt[n] = now;
    } catch {
      // The server was killed during the command, so its progress is unknown.
    }
  }

  /** Sends all numbers that are due, if the server runs. Numbers that cannot be sent do not exist. */
  async function sendAll(): Promise<void> {
    let lastAt = performance.now();
    while (!isOver) {
      await setTimeout(20);
      const due = Math.floor(((performance.now() - lastAt) * rate) / 1_000);
      if (due === 0) continue;
      lastAt = performance.now();
      if (stage.isUp()) await send(due);
    }
  }

  const times = new Map<string, number>();
  const underWay = new Set<Promise<unknown>>();
  const sending = sendAll();
  const startedAt = performance.now();
  for (let second = 1; second <= seconds; second++) {
    await setTimeout(Math.max(0, startedAt + second * 1_000 - performance.now()));
    const possible = faults.filter(({ needsServer }) => stage.isUp() || !needsServer);
    const fault = possible[Math.floor(random() * possible.length)]!;
    times.set(fault.name, (times.get(fault.name) ?? 0) + 1);
    onFault(fault, second);
    // A fault that finds the server already killed counts nevertheless.
    const happening = fault.happen(stage).catch(() => undefined);
    underWay.add(happening);
    void happening.then(() => underWay.delete(happening));
  }
  await Promise.all(underWay);
  const elapsed = performance.now() - startedAt;

  // Everything works again, and the server has noticed closed connections, so each session must receive all numbers from now on.
  await server.resetGet();
  const from = last + 1;
  const recovered = await Promise.all(
    subjects.map((subject) =>
      Promise.race([
        Promise.all([subject.listens(), subject.heard(from)]).then(() => true),
        setTimeout(grace, false, { ref: false }),
      ]),
    ),
  );
  isOver = true;
  await sending;
  const end = last;
  const well = subjects.filter((_, index) => recovered[index]);
  await Promise.race([
    Promise.all(well.map((subject) => subject.heard(end))),
    setTimeout(grace, undefined, { ref: false }),
  ]);

  const balances = subjects.map((subject) => subject.balance(end, (n) => sentAt[n]));
  const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
  const recoveries = subjects.flatMap((subject) => subject.recoveries).sort((a, b) => a - b);
  const report = {
    seed,
    sessions,
    seconds,
    faults: times,
    balance: balances.reduce(
      (total, balance) => ({
        sent: total.sent + balance.sent,
        delivered: total.delivered + balance.delivered,
        duplicated: total.duplicated + balance.duplicated,
        lostInside: total.lostInside + balance.lostInside,
        lostOutside: total.lostOutside + balance.lostOutside,
      }),
      nothing,
    ),
    gaps: sum(subjects.map((subject) => subject.gaps)),
    gapShare: sum(subjects.map((subject) => subject.gapTime)) / (elapsed * sessions),
    recoveries: recoveries.length,
    connections: sum(subjects.map((subject) => subject.connections)),
    recovery: { median: recoveries[Math.floor(recoveries.length / 2)] ?? 0, max: recoveries.at(-1) ?? 0 },
    longestSilence: Math.max(...subjects.map((subject) => subject.longestSilence)),
    calls: {
      answered: sum(subjects.map(({ calls }) => calls.answered)),
      failed: sum(subjects.map(({ calls }) => calls.failed)),
      untyped: sum(subjects.map(({ calls }) => calls.untyped)),
    },
    deaf: recovered.filter((hasRecovered) => !hasRecovered).length,
  };
  await stage.end();
  return report;
}

/** Starts a server, a network and listening sessions. */
async function startStage(seed: number, sessions: number) {
  const random = createRandom(seed);
  const eventStore = stores[Math.floor(random() * stores.length)];
  const server = await startFaultServer({ eventStore, keepAlive: 250 });
  const proxy = await startTcpProxy(server);
  const subjects = await Promise.all(Array.from({ length: sessions }, () => createSubject(proxy.url())));
  let isUp = true;
  server.events$.subscribe(({ type }) => {
    if (type === 'down') isUp = false;
    else if (type === 'up') isUp = true;
  });
  const stage: SoakStage = { server, proxy, random };
  return {
    ...stage,
    subjects,
    isUp: () => isUp,
    end: async () => {
      await Promise.all(subjects.map((subject) => subject.end()));
      await proxy.close();
      await server.stop();
    },
  };
}
