import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A command that runs in a pseudoterminal. */
export interface TerminalRun {
  /** Resolves when the output contains a text for the nth time. */
  seen(text: string, n?: number): Promise<void>;
  /** Types text. `\r` is Enter, `\u0003` is Ctrl-C. */
  type(text: string): void;
  /** Resolves when the command has ended. */
  readonly ended: Promise<{ code: number | null; output: string }>;
  /** Kills the command if it still runs. */
  kill(): void;
}

export interface TerminalOptions {
  columns: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

const probe = spawnSync('script', ['--version'], { encoding: 'utf8' });

/** Whether pseudoterminals can be created here: with `script` of util-linux, which is part of Debian. */
export const hasPseudoterminals = probe.error === undefined && probe.stdout.includes('util-linux');

/** Runs a command in a pseudoterminal. */
export function runInTerminal(command: readonly string[], { columns, cwd, env }: TerminalOptions): TerminalRun {
  const quoted = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const sized = `stty cols ${columns} rows 50 -echo; exec ${quoted}`;
  const child = spawn('script', ['--quiet', '--return', '--command', sized, '/dev/null'], {
    cwd,
    env: { ...(env ?? process.env), TERM: 'xterm-256color', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, output }));
  return {
    ended,
    async seen(text, n = 1) {
      while (output.split(text).length <= n) {
        await Promise.race([
          once(child.stdout, 'data'),
          ended.then(() => Promise.reject(new Error(`the command ended without ${JSON.stringify(text)}:\n${output}`))),
        ]);
      }
    },
    type: (text) => void child.stdin.write(text),
    kill: () => void child.kill('SIGKILL'),
  };
}
