import assert from 'node:assert/strict';
import { join } from 'node:path';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { map } from 'rxjs';
import { createPublishServer } from '../../spec/server/migrating/publishServer';
import { nodeOf, rootDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { startHttpServer } from '../servers/startHttpServer';
import { startServer } from './startServer';

const cwd = join(rootDir, 'proof', 'frameworks');

/** Runs the two programs for mcp-use of the page on migrating a server, with the same client and the same expectations. */
export const migratingCases: readonly ProofCase[] = [
  { name: "migrating: mcp-use's program", seconds: 60, run: runMcpUse },
  { name: 'migrating: the same program with rx-mcp', seconds: 60, run: runReactive },
];

async function runMcpUse(): Promise<string> {
  const args = (): string[] => ['migrating/mcpUse.mjs'];
  const server = await startHttpServer({ node: nodeOf(24), cwd, path: '/mcp', args });
  return see(server.url).finally(() => server.stop());
}

async function runReactive(): Promise<string> {
  const server = await startServer(createPublishServer());
  return see(server.url).finally(() => server.stop());
}

/** Calls the tool in 2026-07-28, because mcp-use requests input only in that version. */
async function see(url: string): Promise<string> {
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
