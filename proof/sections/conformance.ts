import { runScenario } from '../conformance/runScenario';
import { scenariosOf } from '../conformance/scenariosOf';
import { suites } from '../conformance/suites';
import { isQuick } from '../harness/options';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';

// The official conformance suite, with a client that is written with this library.
const cases: ProofCase[] = [];
for (const suite of isQuick ? suites.slice(1) : suites) {
  for (const scenario of await scenariosOf(suite)) {
    cases.push({
      name: `${scenario} (${suite.name})`,
      seconds: 60,
      // The suite measures how long the client waits, to 50 ms.
      alone: scenario === 'sse-retry',
      run: () => runScenario(suite, scenario),
    });
  }
}

await runCases('conformance', cases, { atOnce: 2 });
