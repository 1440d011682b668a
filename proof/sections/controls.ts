import assert from 'node:assert/strict';
import { runScenario, suites } from '../conformance/suites';
import { runCase, NothingChecked, type ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { runSection } from '../harness/runSection';

// A passed case is meaningful only if the proof reports failures as failures.
const [older, newer] = suites;

/** Runs a program instead of this library's client, with the expected error. */
const failingClient = (name: string, program: string, expected: RegExp): ProofCase => ({
  name,
  seconds: 30,
  run: () => {
    const command = `exec node -e '${program}'`;
    return assert.rejects(runScenario(older, 'tools_call', { command, clientSeconds: 2, suiteSeconds: 6 }), expected);
  },
});

async function outcomesOf(kind: string): Promise<string[]> {
  const file = new URL('../harness/wrongSection.ts', import.meta.url);
  const outcomes = await runSection('control', { file, args: [kind], env: process.env, seconds: 30 });
  return outcomes.map(({ name, verdict, detail }) => `${name}: ${verdict} ${detail}`.trim());
}

/** Runs a wrong section, with the expected outcome. */
const failingSection = (name: string, kind: string, expected: RegExp): ProofCase => ({
  name,
  seconds: 40,
  run: async () => {
    const outcomes = await outcomesOf(kind);
    assert.equal(outcomes.length, 1);
    assert.match(outcomes[0]!, expected);
  },
});

const cases: readonly ProofCase[] = [
  failingClient('a client that does nothing fails', 'process.exit(0)', /^Error: tool-add-numbers/),
  failingClient('a client that gives up fails', 'process.exit(1)', /^Error: tool-add-numbers/),
  failingClient('a client that hangs fails', 'setInterval(() => {}, 1_000)', /^Error: tool-add-numbers/),
  failingClient(
    'a client that hangs and ignores SIGTERM fails',
    'process.on("SIGTERM", () => {}); setInterval(() => {}, 1_000)',
    /not done in 6 s/,
  ),
  {
    name: 'a scenario that the suite skips is empty',
    seconds: 30,
    run: () => assert.rejects(runScenario(newer, 'request-metadata'), NothingChecked),
  },
  {
    name: 'failed cases are reported with their kind of failure',
    seconds: 30,
    run: async () =>
      assert.deepEqual(await outcomesOf('poorCases'), [
        'rejects: failed no',
        'never settles: failed not done in 0.1 s',
        'checks nothing: empty',
        'holds: passed',
        'ends cleanly: passed no process, socket or timer is left',
      ]),
  },
  {
    name: 'an expected failure has to fail with the expected error',
    seconds: 5,
    run: async () => {
      const known = { name: 'known', seconds: 1, expected: { reason: 'why', message: /^as known$/ } };
      const verdictOf = async (run: () => Promise<void>): Promise<string> =>
        (await runCase('control', { ...known, run })).verdict;
      assert.equal(await verdictOf(() => Promise.reject(new Error('as known'))), 'expected');
      assert.equal(await verdictOf(() => Promise.reject(new Error('in another way'))), 'failed');
      assert.equal(await verdictOf(() => Promise.resolve()), 'failed');
    },
  },
  failingSection('a section that leaves a timer fails', 'openTimer', /: failed still open: .*Timeout/),
  failingSection('a section that leaves a process fails', 'leftProcess', /: failed a process .* is still running/),
  failingSection('a section that stops before its cases fails', 'stopsEarly', /: failed its process exited with 7/),
];

await runCases('controls', cases, { atOnce: 2 });
