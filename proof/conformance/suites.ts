import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { isQuick, nodeOf, rootDir, scratchDir } from '../harness/environment';
import { type ExpectedFailure, NothingChecked, type ProofCase } from '../harness/proofCase';
import { runProcess } from '../harness/processes';

const { resolve } = createRequire(import.meta.url);

/** A release of the official conformance suite, with a protocol version. */
interface Suite {
  readonly name: string;
  readonly program: string;
  /** Arguments that choose the protocol version. */
  readonly version: readonly string[];
}

const older = resolve('@modelcontextprotocol/conformance/dist/index.js');
const newer = resolve('conformance-next/dist/index.js');

function newerWith(version: string): Suite {
  return { name: `0.2.0-alpha.12, ${version}`, program: newer, version: ['--spec-version', version] };
}

/** The suites. The last two are one release with two protocol versions. */
export const suites: readonly [older: Suite, legacy: Suite, modern: Suite] = [
  { name: '0.1.16', program: older, version: [] },
  newerWith('2025-11-25'),
  newerWith('2026-07-28'),
];

const noPolling: ExpectedFailure = {
  reason:
    'the protocol recommends `retry` for servers that close a stream to make the client poll; this server keeps streams ' +
    'open, and lets the client choose the delay',
  message: /^server-sse-retry-field: Server did not send retry field\.[^;]*$/,
};

/** Known failures, by scenario and suite. */
const expectedFailures: Readonly<Record<string, ExpectedFailure>> = {
  'server-sse-polling (0.1.16)': noPolling,
  'server-sse-polling (0.2.0-alpha.12, 2025-11-25)': noPolling,
  'sep-2322-client-request-state (0.2.0-alpha.12, 2026-07-28)': {
    reason:
      'every check passes, but the last tool responds without `resultType`, which a server of version 2026-07-28 MUST ' +
      'include; the client rejects the response (reported to the suite: conformance#475)',
    message: /^(?!.*sep-2322).*missing required resultType/s,
  },
};

/** Creates a case for each scenario of the suites for one side. `--quick` leaves out the older release. */
export async function scenarioCases(
  side: 'Client' | 'Server',
  run: (suite: Suite, scenario: string) => Promise<string>,
): Promise<ProofCase[]> {
  const cases: ProofCase[] = [];
  for (const suite of isQuick ? suites.slice(1) : suites) {
    for (const scenario of await scenariosOf(suite, side)) {
      const name = `${scenario} (${suite.name})`;
      cases.push({
        name,
        seconds: 60,
        // The suite measures the client's delay to within 50 ms.
        alone: scenario === 'sse-retry',
        expected: expectedFailures[name],
        run: () => run(suite, scenario),
      });
    }
  }
  return cases;
}

/** The scenarios of a suite for one side, by name. */
async function scenariosOf({ program, version }: Suite, side: 'Client' | 'Server'): Promise<string[]> {
  const args = [program, 'list', ...version];
  const { code, output } = await runProcess(nodeOf(24), args, { cwd: rootDir, seconds: 30 });
  const [, rest = ''] = output.split(`${side} scenarios`);
  const [listed = ''] = rest.split('\n\n');
  const names = [...listed.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name!);
  if (code !== 0 || names.length === 0) throw new Error(`listing scenarios: the suite listed none (${output})`);
  return names;
}

/** Options for {@link runScenario}. */
interface ScenarioOptions {
  /** Command of the client; the suite appends the URL. Default: a client written with this library. */
  command?: string;
  /** Timeout of the client, in seconds. Default 20. */
  clientSeconds?: number;
  /** Timeout of the suite, in seconds: a client that ignores SIGTERM makes it hang. Default 40. */
  suiteSeconds?: number;
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  errorMessage?: string;
  description: string;
}

/** The client under test. `exec` replaces the shell, so that the suite's signals reach the client. */
const ourClient = 'exec node --import tsx proof/conformance/client.ts';

/** Runs a client scenario of a suite. Rejects when a check or the client fails. */
export async function runScenario(
  { program, version }: Suite,
  scenario: string,
  { command = ourClient, clientSeconds = 20, suiteSeconds = 40 }: ScenarioOptions = {},
): Promise<string> {
  const results = scratchDir();
  const args = ['client', '--command', command, '--scenario', scenario, ...version, '-o', results];
  const { code, output } = await runProcess(nodeOf(24), [program, ...args, '--timeout', String(clientSeconds * 1000)], {
    cwd: rootDir,
    // The suite needs a newer Node than the client under test.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
    seconds: suiteSeconds,
  });
  return summaryOf(results, code, output);
}

/** Runs a server scenario of a suite against a URL. Rejects when a check fails. */
export async function runServerScenario({ program, version }: Suite, scenario: string, url: string): Promise<string> {
  const results = scratchDir();
  const args = [program, 'server', '--url', url, '--scenario', scenario, ...version, '-o', results];
  const { code, output } = await runProcess(nodeOf(24), args, { cwd: rootDir, seconds: 40 });
  return summaryOf(results, code, output);
}

/** The number of checks that passed. Throws when one failed, or none passed. */
function summaryOf(results: string, code: number | null, output: string): string {
  const checks = checksIn(results);
  const passed = checks.filter(({ status }) => status === 'SUCCESS');
  const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  if (code !== 0 || failed.length > 0) {
    const messages = failed.map(({ id, errorMessage, description }) => `${id}: ${errorMessage ?? description}`);
    throw new Error(messages.join('; ') || errorLinesIn(output));
  }
  if (passed.length === 0) throw new NothingChecked('0 of 0 checks');
  return passed.length === 1 ? '1 check' : `${passed.length} checks`;
}

/** Reads the results, which are in a directory named after the scenario and the time. */
function checksIn(results: string): Check[] {
  const file = readdirSync(results, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('checks.json'));
  return file === undefined ? [] : (JSON.parse(readFileSync(join(results, file), 'utf8')) as Check[]);
}

function errorLinesIn(output: string): string {
  const lines = output.split('\n').filter((line) => /TIMED OUT|EXITED|Error/.test(line));
  return lines.join('; ') || output.slice(-300);
}
