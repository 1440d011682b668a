import { once } from 'node:events';
import { processGroup } from './processGroup';
import { within } from './within';

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
