import { runServerScenario, scenariosOf, suites } from '../conformance/suites';
import { isQuick } from '../harness/environment';
import type { ProofCase } from '../harness/judge';
import { runCases } from '../harness/runCases';
import { createConformanceServer } from '../serving/conformanceServer';
import { startServer } from '../serving/startServer';

const server = await startServer(createConformanceServer());
const cases: ProofCase[] = [];
for (const suite of isQuick ? suites.slice(1) : suites) {
  for (const scenario of await scenariosOf(suite, 'Server')) {
    cases.push({
      name: `conformance: ${scenario} (${suite.name})`,
      seconds: 60,
      run: () => runServerScenario(suite, scenario, server.url),
    });
  }
}

await runCases('server', cases, { atOnce: 2, close: server.stop });
