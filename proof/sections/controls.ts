import assert from 'node:assert/strict';
import { runScenario } from '../conformance/runScenario';
import { suites } from '../conformance/suites';
import { judge } from '../harness/judge';
import { NothingChecked } from '../harness/nothingChecked';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { runSection } from '../harness/runSection';

// What fails has to be told as a failure, or nothing that passes means anything.
const [older, newer] = suites;

/** A client that is run in place of ours, and how the suite, or what runs it, has to take that. */
const failingClient = (name: string, file: string, expected: RegExp): ProofCase => ({
  name,
  seconds: 30,
  run: () => {
    const command = `exec node proof/controls/${file}`;
    return assert.rejects(runScenario(older, 'tools_call', { command, clientSeconds: 2, suiteSeconds: 6 }), expected);
  },
});

async function outcomesOf(control: string): Promise<string[]> {
  const file = new URL(`../controls/${control}`, import.meta.url);
  const outcomes = await runSection(control, { file, env: process.env, seconds: 30 });
  return outcomes.map(({ name, verdict, detail }) => `${name}: ${verdict} ${detail}`.trim());
}

/** A section that is made to fail, and what is said of how it ended. */
const failingSection = (name: string, file: string, expected: RegExp): ProofCase => ({
  name,
  seconds: 40,
  run: async () => {
    const outcomes = await outcomesOf(file);
    assert.equal(outcomes.length, 1);
    assert.match(outcomes[0]!, expected);
  },
});

const cases: readonly ProofCase[] = [
  failingClient('a client that does nothing fails', 'idleClient.mjs', /^Error: tool-add-numbers/),
  failingClient('a client that gives up fails', 'failingClient.mjs', /^Error: tool-add-numbers/),
  failingClient('a client that hangs fails', 'hangingClient.mjs', /^Error: tool-add-numbers/),
  failingClient('a client that hangs and can not be told to stop fails', 'stubbornClient.mjs', /not done in 6 s/),
  {
    name: 'a scenario that the suite skips is empty',
    seconds: 30,
    run: () => assert.rejects(runScenario(newer, 'request-metadata'), NothingChecked),
  },
  {
    name: 'cases that do not hold are told apart',
    seconds: 30,
    run: async () =>
      assert.deepEqual(await outcomesOf('poorCases.ts'), [
        'rejects: failed no',
        'never settles: failed not done in 0.1 s',
        'checks nothing: empty',
        'holds: passed',
        'ends by itself: passed no process, socket or timer is left',
      ]),
  },
  {
    name: 'an expected failure is one only if it fails, and as expected',
    seconds: 5,
    run: async () => {
      const expectations = { 'control: known': { reason: 'why', said: /^as known$/ } };
      const verdictOf = async (run: () => Promise<void>): Promise<string> =>
        (await judge('control', { name: 'known', seconds: 1, run }, expectations)).verdict;
      assert.equal(await verdictOf(() => Promise.reject(new Error('as known'))), 'expected');
      assert.equal(await verdictOf(() => Promise.reject(new Error('in another way'))), 'failed');
      assert.equal(await verdictOf(() => Promise.resolve()), 'failed');
    },
  },
  failingSection('a section that leaves a timer fails', 'openTimer.ts', /: failed still open: .*Timeout/),
  failingSection('a section that leaves a process fails', 'leftProcess.ts', /: failed a process .* is still running/),
  failingSection('a section that stops before its cases fails', 'stopsEarly.ts', /: failed its process ended with 7/),
];

await runCases('controls', cases, { atOnce: 2 });
