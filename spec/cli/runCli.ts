import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programArgs } from '../rig/programArgs';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliRun {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CliResult>;
  /** Resolves when the text appears in either output. */
  seen(text: string): Promise<void>;
}

/** Runs the compiled command line in its own folder, which is also its home directory. */
export function useCli() {
  const folder = mkdtempSync(join(tmpdir(), 'rx-mcp-cli-'));
  const running = new Set<ChildProcessWithoutNullStreams>();
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(...args: string[]): CliRun {
    const program = programArgs('lib/cli/main.ts');
    const child = spawn(process.execPath, [...program, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, CLI_SPEC_TOKEN: 'secret' },
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close').then(([code]: (number | null)[]) => {
      running.delete(child);
      return { code: code ?? null, stdout, stderr };
    });
    return {
      child,
      ended,
      async seen(text) {
        while (!stdout.includes(text) && !stderr.includes(text)) {
          await Promise.race([
            once(child.stdout, 'data'),
            once(child.stderr, 'data'),
            ended.then((result) => Promise.reject(new Error(`ended without "${text}": ${JSON.stringify(result)}`))),
          ]);
        }
      },
    };
  }

  function run(...args: string[]): Promise<CliResult> {
    const { child, ended } = start(...args);
    child.stdin.end();
    return ended;
  }

  return { folder, start, run };
}

/** Parses an output with one JSON object per line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
