import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Process groups started here that have not ended, by process id. */
const running = new Map<number, string>();

/** Grace period after SIGTERM, in seconds. */
const graceSeconds = 5;

/** Starts each process as the leader of its own group, so that its children end with it. */
export const processGroup = {
  start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, { ...options, detached: true });
    const { pid } = child;
    if (pid !== undefined) {
      running.set(pid, [command, ...args].join(' '));
      // The system may reuse the id of a group that has ended, so this process must not signal it again.
      child.once('exit', () => {
        if (!isGroupAlive(pid)) running.delete(pid);
      });
    }
    return child;
  },

  /** Whether any process of the group is left. */
  isAlive: ({ pid }: ChildProcess): boolean => pid !== undefined && isGroupAlive(pid),

  /** Kills the group that a process leads. */
  kill({ pid }: ChildProcess): void {
    if (pid !== undefined) send(pid, 'SIGKILL');
  },

  /** Terminates a group, and kills it after the grace period, in which its leader can end processes in other groups. */
  async stop(child: ChildProcess): Promise<void> {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    const ended: Promise<unknown> = isOver ? Promise.resolve() : once(child, 'exit');
    if (child.pid !== undefined) send(child.pid, 'SIGTERM');
    await within(graceSeconds, ended).catch(() => undefined);
    processGroup.kill(child);
  },

  /** Command lines of the groups that are still running. */
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

/** Forwards SIGTERM to every group, waits for the groups to end, and exits. */
async function interrupted(): Promise<void> {
  for (const pid of running.keys()) send(pid, 'SIGTERM');
  // The parent process waits longer.
  const deadline = Date.now() + (process.send ? graceSeconds / 2 : graceSeconds) * 1000;
  while (processGroup.leftOver().length > 0 && Date.now() < deadline) await delay(50);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupted());

/** Whether a group has a running process. Zombies do not count. */
function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .some((pid) => {
      const { state, pgrp } = statOf(pid);
      return pgrp === group && state !== 'Z' && state !== 'X';
    });
}

/** Reads `/proc/PID/stat`. The program's name is in parentheses and may contain anything; spaces separate the rest. */
function statOf(pid: string): { state?: string; pgrp?: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, pgrp: Number(pgrp) };
  } catch {
    // The process ended in the meantime.
    return {};
  }
}

/** Options for {@link runProcess}. */
interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Timeout in seconds, after which the process is killed. */
  seconds: number;
}

/** The result of a process. */
interface Run {
  /** Exit code; `null` if the process was killed. */
  code: number | null;
  /** Standard output and standard error. */
  output: string;
}

/** Runs a process until it exits. */
export async function runProcess(command: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const { cwd, env = process.env, seconds } = options;
  const child = processGroup.start(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  try {
    const [code] = (await within(seconds, once(child, 'close'))) as [number | null];
    return { code, output };
  } catch (error) {
    return { code: null, output: `${output}\n${command}: ${String(error)}` };
  } finally {
    processGroup.kill(child);
  }
}

/** Runs a command with a timeout of five minutes. Rejects unless it exits with 0. */
export async function succeeded(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runProcess(command, args, { cwd, seconds: 300 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exited with ${code} (in ${cwd})\n${output}`);
}

/** Resolves with a promise's value, or rejects after a timeout in seconds. */
export async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done in ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, overdue]);
  } finally {
    clearTimeout(timer);
  }
}
