import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './proofCase';
import { processGroup, within } from './processes';
import { rootDir } from './environment';

/** Options for {@link runSection}. */
export interface RunSectionOptions {
  /** The program. Default: the file in `sections/` with the section's name. */
  file?: URL;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Timeout in seconds, after which the process is killed. */
  seconds: number;
  /** Called with each outcome as it arrives. */
  onOutcome?(outcome: Outcome): void;
}

/** Runs a section in its own process, and collects its outcomes. The process must exit on its own. */
export async function runSection(section: string, options: RunSectionOptions): Promise<Outcome[]> {
  const { file = new URL(`../sections/${section}.ts`, import.meta.url), args = [], env, seconds, onOutcome } = options;
  const child = processGroup.start(process.execPath, ['--import', 'tsx', fileURLToPath(file), ...args], {
    cwd: rootDir,
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const outcomes: Outcome[] = [];
  const note = (outcome: Outcome): void => {
    outcomes.push(outcome);
    onOutcome?.(outcome);
  };
  child.on('message', (message) => note(message as Outcome));

  const name = 'ends cleanly';
  const failed = (detail: string): void => note({ section, name, verdict: 'failed', detail });
  try {
    const [code, signal] = (await within(seconds, once(child, 'close'))) as [number | null, string | null];
    if (outcomes.some((outcome) => outcome.name === name)) return outcomes;
    if (code !== 0) failed(`its process exited with ${signal ?? code}`);
    else if (processGroup.isAlive(child)) failed('a process that it started is still running');
    else note({ section, name, verdict: 'passed', detail: 'no process, socket or timer is left' });
  } catch (error) {
    failed(String(error));
  } finally {
    await processGroup.stop(child);
  }
  return outcomes;
}
