import { firstValueFrom, toArray } from 'rxjs';
import { listChanged, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';
import { quick } from '../../../rig/quick';
import { watchSession, type Watched } from '../../../rig/watchSession';
import { programArgs } from '../../../rig/programArgs';
import { firstMatch } from '../../../rig/firstMatch';

const options = { engine: modern({ negotiation: 'modern' }), reconnect: quick };
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Connects and watches a session with a program that Node runs. */
async function connected(...args: string[]): Promise<Watched> {
  const session = new MCPSession(new StdioConnector({ command: process.execPath, args, stderr: 'ignore' }, options));
  ends.push(() => session.disconnect());
  const watched = watchSession(session);
  await session.connect();
  return watched;
}

describe('a server of the modern era over stdio that crashes', () => {
  it('is respawned and resubscribed to, with a gap, and its pending call fails', async () => {
    const { session, statuses, errors, gaps, listens, until } = await connected(
      ...programArgs('spec/rig/modernServer/main.ts'),
      '--stdio',
    );
    let received = 0;
    session.notifications$.pipe(listChanged('tools')).subscribe(() => received++);
    await listens();
    await firstMatch(session.tools$, () => true);

    await expect(session.callTool('crash')).rejects.toMatchObject({ name: 'ConnectionLostError', retryable: true });
    await until(() => gaps.length === 1);
    await listens();
    const changed = firstValueFrom(session.notifications$.pipe(listChanged('tools')));
    await session.callTool('toggle_tool', { name: 'after' });
    await changed;

    expect(received).toBe(1);
    expect(statuses.map(({ state }) => state)).toContain('reconnecting');
    expect(errors).toMatchObject([{ name: 'ConnectionLostError' }]);
  });
});

describe('progress in one write with its result, over stdio', () => {
  const server = `
    const { createInterface } = require('node:readline');
    const line = (message) => JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n';
    createInterface({ input: process.stdin }).on('line', (text) => {
      const { id, method, params } = JSON.parse(text);
      if (id === undefined) return;
      const done = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
      const result = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, content: [], ...done };
      const progressToken = params?._meta?.progressToken;
      const steps = method === 'tools/call' ? [1, 2, 3, 4, 5] : [];
      process.stdout.write(
        steps.map((progress) => line({ method: 'notifications/progress', params: { progressToken, progress } })).join('') +
          line({ id, result }),
      );
    });`;

  it('is delivered completely before the result', async () => {
    const { session, errors } = await connected('--eval', server);

    const events = await firstValueFrom(session.callTool$('any').pipe(toArray()));

    expect(events.map((event) => (event.kind === 'progress' ? event.progress : event.kind))).toEqual([
      ...[1, 2, 3, 4, 5],
      'result',
    ]);
    expect(errors).toEqual([]);
  });
});
