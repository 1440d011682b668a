import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The dashboard in its own process, as `npm run dashboard` starts it. */
export interface RunningDashboard {
  readonly url: string;
  /** Ends the dashboard like Ctrl-C. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the dashboard and its servers. Resolves when they are running. */
export async function startDashboard(): Promise<RunningDashboard> {
  const args = ['--import', 'tsx', 'dashboard/main.ts'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]: string[]) => text ?? ''),
    exited.then(() => Promise.reject(new Error('the dashboard did not start'))),
  ]);
  return {
    url: /http:\S+/.exec(line)?.[0] ?? '',
    stop: async () => {
      child.kill('SIGINT');
      const [code] = await exited;
      return code;
    },
  };
}
