import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { rootDir } from '../harness/environment';
import { processGroup } from '../harness/processes';

/** `rx-mcp` in its own process. */
export interface RunningCommand {
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Standard output up to now. */
  stdout(): string;
  /** Resolves when either output contains a text. */
  seen(text: string): Promise<void>;
  /** Resolves when a file contains a text. */
  written(file: string, text: string): Promise<void>;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** Starts the command line with its own home directory. */
export function startRxMcp(args: readonly string[], home: string): RunningCommand {
  const child = processGroup.start(process.execPath, ['--import', 'tsx', join('lib', 'cli', 'main.ts'), ...args], {
    cwd: rootDir,
    env: { ...process.env, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, ...output }));
  const isEnded = (what: string) =>
    ended.then(({ stderr }) => Promise.reject(new Error(`rx-mcp ${args.join(' ')}: ended before ${what}: ${stderr}`)));
  return {
    ended,
    stdout: () => output.stdout,
    async seen(text) {
      const found = () => Object.values(output).some((part) => part.includes(text));
      while (!found()) await Promise.race([setTimeout(20), isEnded(JSON.stringify(text))]);
    },
    async written(file, text) {
      const found = () => existsSync(file) && readFileSync(file, 'utf8').includes(text);
      while (!found()) await Promise.race([setTimeout(20), isEnded(`writing ${JSON.stringify(text)}`)]);
    },
    interrupt: () => void child.kill('SIGINT'),
  };
}
