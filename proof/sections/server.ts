import { join } from 'node:path';
import { type NodeHandler, toNodeHandler } from 'rx-mcp/server';
import { createExampleServer } from '../../demo/server/createExampleServer';
import { runServerScenario, scenariosOf, suites } from '../conformance/suites';
import { installed, isQuick, rootDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { clientCases, seeEverything } from '../serving/clientCases';
import { createConformanceServer } from '../serving/conformanceServer';
import { migratingCases } from '../serving/migrating';
import { startServer } from '../serving/startServer';

// This library's server, with the official conformance suite, with clients by other authors, and in NestJS.
const clientsDir = join(rootDir, 'proof', 'clients');
await installed(clientsDir);
await installed(join(rootDir, 'proof', 'frameworks'));

const conforming = await startServer(createConformanceServer());
const reactive = await startServer(createExampleServer());
const program = [process.execPath, '--import', 'tsx', join(rootDir, 'demo', 'server', 'main.ts'), '--stdio'];

const cases: ProofCase[] = clientCases(reactive.url, program);
cases.push({ name: 'mounted in NestJS', seconds: 60, run: runInNest }, ...migratingCases);
for (const suite of isQuick ? suites.slice(1) : suites) {
  for (const scenario of await scenariosOf(suite, 'Server')) {
    cases.push({
      name: `conformance: ${scenario} (${suite.name})`,
      seconds: 60,
      run: () => runServerScenario(suite, scenario, conforming.url),
    });
  }
}

await runCases('server', cases, { atOnce: 2, close: () => Promise.all([conforming.stop(), reactive.stop()]) });

/** Runs the Node handler in a NestJS controller, behind the body parser of NestJS. */
async function runInNest(): Promise<string> {
  const { mountNest } = (await import(join(clientsDir, 'mountNest.mjs'))) as {
    mountNest(handle: NodeHandler): Promise<{ url: string; close(): Promise<void> }>;
  };
  const server = createExampleServer();
  const { url, close } = await mountNest(toNodeHandler(server));
  try {
    return await seeEverything('sdk1', url);
  } finally {
    await server.close();
    await close();
  }
}
