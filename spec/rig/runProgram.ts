import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { filter, firstValueFrom, ReplaySubject, throwIfEmpty } from 'rxjs';

/** A running program and its output. */
export interface Program {
  /** Resolves with the first line that contains the text, past or future. Rejects with the output if the program exits without one. */
  line(text: string): Promise<string>;
  /** Interrupts the program like Ctrl-C. */
  interrupt(): void;
  /** Resolves with the result when the program has exited. */
  readonly ended: Promise<{ code: number | null; lines: string[]; stderr: string }>;
  /** Ends the program if it is running. */
  stop(): Promise<void>;
}

/** Runs a program from the root of the package, with its output in a pipe. */
export function runProgram(command: string, ...args: string[]): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const lines$ = new ReplaySubject<string>(Infinity);
  let stderr = '';
  lines$.subscribe((line) => lines.push(line));
  createInterface(child.stdout).on('line', (line) => lines$.next(line));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));

  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    lines$.complete();
    return { code: code ?? null, lines, stderr };
  });
  return {
    line: (text) =>
      firstValueFrom(
        lines$.pipe(
          filter((line) => line.includes(text)),
          throwIfEmpty(
            () => new Error(`the program exited without a line with "${text}": ${stderr || lines.join('\n')}`),
          ),
        ),
      ),
    interrupt: () => void child.kill('SIGINT'),
    ended,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a TypeScript program. */
export const runTypeScript = (file: string, ...args: string[]): Program =>
  runProgram(process.execPath, '--import', 'tsx', file, ...args);
