import { runScenario, scenariosOf, suites } from '../conformance/suites';
import type { ProofCase } from '../harness/proofCase';
import { isQuick } from '../harness/environment';
import { runCases } from '../harness/runCases';

// The official conformance suite, with a client written with this library.
const cases: ProofCase[] = [];
for (const suite of isQuick ? suites.slice(1) : suites) {
  for (const scenario of await scenariosOf(suite, 'Client')) {
    cases.push({
      name: `${scenario} (${suite.name})`,
      seconds: 60,
      // The suite measures the client's delay to within 50 ms.
      alone: scenario === 'sse-retry',
      run: () => runScenario(suite, scenario),
    });
  }
}

await runCases('conformance', cases, { atOnce: 2 });
