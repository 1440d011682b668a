import { once } from 'node:events';
import { processGroup } from './processGroup';
import { within } from './within';

/** How a process is run. */
export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** How long it may take; after that it is ended. */
  seconds: number;
}

/** What a process did. */
export interface Run {
  /** `null` when it was ended. */
  code: number | null;
  /** What it wrote, to both outputs. */
  output: string;
}

/** Runs a process to its end. */
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
