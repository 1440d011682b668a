import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { type MCPServer, type NodeHandler, toNodeHandler } from 'rx-mcp/server';
import { map } from 'rxjs';
import { createExampleServer } from '../../demo/server/createExampleServer';
import { listen } from '../../spec/rig/listen';
import { createPublishServer } from '../../spec/server/migrating/publishServer';
import { clientCases, receiveEverything } from '../clients/clientCases';
import { createConformanceServer } from '../conformance/server';
import { runServerScenario, scenarioCases } from '../conformance/suites';
import { installed, nodeOf, rootDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { runCases } from '../harness/runCases';
import { startHttpServer } from '../servers/startHttpServer';

// This library's server, with the official conformance suite, with clients by other authors, in NestJS, and in place of a
// server that uses mcp-use.
const clientsDir = join(rootDir, 'proof', 'clients');
const frameworksDir = join(rootDir, 'proof', 'frameworks');
await installed(clientsDir);
await installed(frameworksDir);

const conforming = await startServer(createConformanceServer());
const reactive = await startServer(createExampleServer());
const program = [process.execPath, '--import', 'tsx', join(rootDir, 'demo', 'server', 'main.ts'), '--stdio'];
const scenarios = await scenarioCases('Server', (suite, scenario) =>
  runServerScenario(suite, scenario, conforming.url),
);

const cases: readonly ProofCase[] = [
  ...clientCases(reactive.url, program),
  { name: 'mounted in NestJS', seconds: 60, run: runInNest },
  { name: "migrating: mcp-use's program", seconds: 60, run: runMcpUse },
  { name: 'migrating: the same program with rx-mcp', seconds: 60, run: runMigrated },
  ...scenarios.map((each) => ({ ...each, name: `conformance: ${each.name}` })),
];

await runCases('server', cases, { atOnce: 2, close: () => Promise.all([conforming.stop(), reactive.stop()]) });

/** Starts a server of this library over `node:http`, on a free port of 127.0.0.1. */
async function startServer(server: MCPServer): Promise<{ url: string; stop(): Promise<void> }> {
  const { url, close } = await listen(createServer(toNodeHandler(server)));
  return {
    url,
    async stop() {
      await server.close();
      await close();
    },
  };
}

/** Runs the Node handler in a NestJS controller, behind the body parser of NestJS. */
async function runInNest(): Promise<string> {
  const { mountNest } = (await import(join(clientsDir, 'mountNest.mjs'))) as {
    mountNest(handle: NodeHandler): Promise<{ url: string; close(): Promise<void> }>;
  };
  const server = createExampleServer();
  const { url, close } = await mountNest(toNodeHandler(server));
  try {
    return await receiveEverything('sdk1', url);
  } finally {
    await server.close();
    await close();
  }
}

/** Runs the program for mcp-use of the page on migrating a server. */
async function runMcpUse(): Promise<string> {
  const args = (): string[] => ['migrating/mcpUse.mjs'];
  const server = await startHttpServer({ node: nodeOf(24), cwd: frameworksDir, path: '/mcp', args });
  return build(server.url).finally(() => server.stop());
}

/** Runs the program that replaces it, with the same client and the same expectations. */
async function runMigrated(): Promise<string> {
  const server = await startServer(createPublishServer());
  return build(server.url).finally(() => server.stop());
}

/** Calls the tool in 2026-07-28, because mcp-use requests input only in that version. */
async function build(url: string): Promise<string> {
  const session = new MCPSession(new HttpConnector(url, { engine: modern({ negotiation: 'modern' }) }), {
    capabilities: { elicitation: { form: {} } },
  });
  session.handle('elicitation/create', ({ params }) => {
    assert.equal(params.message, 'Publish?');
    return { action: 'accept', content: {} };
  });
  const notifications: string[] = [];
  session.notifications$.pipe(map(({ method }) => method)).subscribe((method) => notifications.push(method));
  try {
    await session.connect();
    await session.setLoggingLevel('warning');
    const steps: number[] = [];
    const { content } = await session.callTool(
      'build',
      { steps: 3 },
      { onProgress: ({ progress }) => steps.push(progress) },
    );
    assert.deepEqual(content, [{ type: 'text', text: 'built, accept' }]);
    assert.deepEqual(steps, [1, 2, 3]);
    assert.deepEqual(
      notifications.filter((method) => method !== 'notifications/progress'),
      ['notifications/message', 'custom/built'],
    );
    return 'question, progress, log, custom notification, result';
  } finally {
    await session.disconnect();
  }
}
