import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { isGroupAlive } from './isGroupAlive';
import { within } from './within';

/** Everything that this process has started and that has not ended, by process id. */
const running = new Map<number, string>();

/** Seconds that processes have to leave of their own accord. */
const patience = 5;

/** Processes that are started here, each at the head of a group of its own, so that what it starts ends with it. */
export const processGroup = {
  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, { ...options, detached: true });
    const { pid } = child;
    if (pid !== undefined) {
      running.set(pid, [command, ...args].join(' '));
      // An id that nobody has any more may be given to others, and is not to be used again.
      child.once('exit', () => {
        if (!isGroupAlive(pid)) running.delete(pid);
      });
    }
    return child;
  },

  /** Whether any process of the group is left. */
  isAlive: ({ pid }: ChildProcess): boolean => pid !== undefined && isGroupAlive(pid),

  /** Ends the group that a process is at the head of, at once. */
  kill({ pid }: ChildProcess): void {
    if (pid !== undefined) send(pid, 'SIGKILL');
  },

  /** The same, but gives it time to end what is in other groups. */
  async stop(child: ChildProcess): Promise<void> {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    const ended: Promise<unknown> = isOver ? Promise.resolve() : once(child, 'exit');
    if (child.pid !== undefined) send(child.pid, 'SIGTERM');
    await within(patience, ended).catch(() => undefined);
    processGroup.kill(child);
  },

  /** What is still running, as it was called. */
  leftOver(): string[] {
    return [...running].filter(([pid]) => isGroupAlive(pid)).map(([, call]) => call);
  },
};

function send(pid: number, signal: NodeJS.Signals): void {
  if (!running.has(pid)) return;
  try {
    process.kill(-pid, signal);
  } catch {
    running.delete(pid);
  }
}

process.on('exit', () => {
  for (const pid of running.keys()) send(pid, 'SIGKILL');
});
/** Passes on that it is to end, so that what was started can clean up after itself, and ends. */
async function interrupted(): Promise<void> {
  for (const pid of running.keys()) send(pid, 'SIGTERM');
  // Who started this waits longer than this does.
  const deadline = Date.now() + (process.send ? patience / 2 : patience) * 1000;
  while (processGroup.leftOver().length > 0 && Date.now() < deadline) await setTimeout(50);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupted());
