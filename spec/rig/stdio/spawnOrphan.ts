import { spawn } from 'node:child_process';

/** Starts a process that holds this one's stdout open; it ends by itself after `lifetimeMs`. */
export function spawnOrphan(lifetimeMs: number): number | undefined {
  const orphan = spawn(process.execPath, ['-e', `setTimeout(() => {}, ${lifetimeMs})`], {
    stdio: ['ignore', 'inherit', 'ignore'],
    detached: true,
  });
  orphan.unref();
  return orphan.pid;
}
