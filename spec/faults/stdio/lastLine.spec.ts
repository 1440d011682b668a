import { type Connector, MCPSession } from 'rx-mcp';
import { modern } from 'rx-mcp/modern';
import { StdioConnector } from 'rx-mcp/stdio';

/** A server that responds to a tool call with a text, without a line ending, and then runs `after`. */
const program = (text: string, after: string): string => `
  const results = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'last', version: '1' } },
    'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, resultType: 'complete', ttlMs: 0, cacheScope: 'private' },
  };
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method } = JSON.parse(line);
    const result = results[method];
    const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools: [] };
    if (method === 'tools/call') process.stdout.write(${text}, () => { ${after} });
    else if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: result ?? cached }));
  });`;

const response = "JSON.stringify({ jsonrpc: '2.0', id, result: { resultType: 'complete', content: [] } })";

const sessions: MCPSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.disconnect();
});

function sessionOf(connector: Connector): MCPSession {
  const session = new MCPSession(connector);
  sessions.push(session);
  return session;
}

const stdio = (text: string, after: string, engine = modern({ negotiation: 'legacy' })): Connector =>
  new StdioConnector(
    { command: process.execPath, args: ['--eval', program(text, after)], stderr: 'ignore' },
    { reconnect: false, engine },
  );

describe('a last line without a line ending', () => {
  it.each([
    ['exits', 'process.exit()'],
    ['exits with an error', 'process.exit(1)'],
    ['closes its output', "require('node:fs').closeSync(1)"],
  ])('is delivered if the process %s', async (_, after) => {
    const session = sessionOf(stdio(response, after));
    await session.connect();

    await expect(session.callTool('any')).resolves.toMatchObject({ content: [] });
  });

  it('is delivered in protocol 2026-07-28', async () => {
    const session = sessionOf(stdio(response, 'process.exit()', modern()));
    await session.connect();
    expect(session.protocolVersion).toBe('2026-07-28');

    await expect(session.callTool('any')).resolves.toMatchObject({ content: [] });
  });

  it.each([
    ['truncated', `${response}.slice(0, -1)`],
    ['a text', "'bye'"],
    ['a number', "'1'"],
  ])('is dropped if it is not a complete message: %s', async (_, text) => {
    const session = sessionOf(stdio(text, 'process.exit()'));
    const errors: unknown[] = [];
    session.errors$.subscribe((error) => errors.push(error));
    await session.connect();

    await expect(session.callTool('any')).rejects.toMatchObject({ name: 'ConnectionLostError' });
    expect(errors).toMatchObject([{ name: 'ConnectionLostError' }]);
  });
});
