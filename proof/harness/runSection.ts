import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './outcome';
import { processGroup } from './processGroup';
import { rootDir } from './rootDir';
import { within } from './within';

/** How a section is run. */
export interface RunSectionOptions {
  /** Its program. Default: the one in `sections/` that has its name. */
  file?: URL;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** How long it may take; after that it is ended. */
  seconds: number;
  /** Is told of each outcome as it comes. */
  onOutcome?(outcome: Outcome): void;
}

/** Runs a section in a process of its own, and collects what it tells. It has to come to an end by itself. */
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

  const name = 'ends by itself';
  const failed = (detail: string): void => note({ section, name, verdict: 'failed', detail });
  try {
    const [code, signal] = (await within(seconds, once(child, 'close'))) as [number | null, string | null];
    if (outcomes.some((outcome) => outcome.name === name)) return outcomes;
    if (code !== 0) failed(`its process ended with ${signal ?? code}`);
    else if (processGroup.isAlive(child)) failed('a process that it started is still running');
    else note({ section, name, verdict: 'passed', detail: 'no process, socket or timer is left' });
  } catch (error) {
    failed(String(error));
  } finally {
    await processGroup.stop(child);
  }
  return outcomes;
}
