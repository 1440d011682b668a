import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { NothingChecked } from '../harness/nothingChecked';
import { nodeOf } from '../harness/nodeOf';
import { rootDir } from '../harness/rootDir';
import { runProcess } from '../harness/runProcess';
import { scratchDir } from '../harness/scratchDir';
import type { Suite } from './suites';

/** How a scenario is run. */
interface ScenarioOptions {
  /** What starts the client; the URL is put behind it. Default: the client of this library. */
  command?: string;
  /** Seconds that the suite gives the client. Default 20. */
  clientSeconds?: number;
  /** Seconds that the suite itself is given, which a client that can not be stopped makes hang. Default 40. */
  suiteSeconds?: number;
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  errorMessage?: string;
  description: string;
}

/** The client under test. It is spawned by a shell, which gives way to it, so that what the suite stops is the client. */
const ourClient = 'exec node --import tsx proof/conformanceClient.ts';

/** Runs a client scenario of the suite; rejects when a check, or the client, fails. */
export async function runScenario(
  { program, run }: Suite,
  scenario: string,
  { command = ourClient, clientSeconds = 20, suiteSeconds = 40 }: ScenarioOptions = {},
): Promise<string> {
  const results = scratchDir();
  const args = ['client', '--command', command, '--scenario', scenario, ...run, '-o', results];
  const { code, output } = await runProcess(nodeOf(24), [program, ...args, '--timeout', String(clientSeconds * 1000)], {
    cwd: rootDir,
    // The suite needs a newer Node than the client is to run on.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
    seconds: suiteSeconds,
  });
  const checks = checksIn(results);
  const passed = checks.filter(({ status }) => status === 'SUCCESS');
  const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  if (code !== 0 || failed.length > 0) {
    const said = failed.map(({ id, errorMessage, description }) => `${id}: ${errorMessage ?? description}`);
    throw new Error(said.join('; ') || lastWordsIn(output));
  }
  if (passed.length === 0) throw new NothingChecked('0 of 0 checks');
  return `${passed.length} checks`;
}

/** Results lie in a directory that is named for the scenario and the time. */
function checksIn(results: string): Check[] {
  const file = readdirSync(results, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('checks.json'));
  return file === undefined ? [] : (JSON.parse(readFileSync(join(results, file), 'utf8')) as Check[]);
}

function lastWordsIn(output: string): string {
  const lines = output.split('\n').filter((line) => /TIMED OUT|EXITED|Error/.test(line));
  return lines.join('; ') || output.slice(-300);
}
