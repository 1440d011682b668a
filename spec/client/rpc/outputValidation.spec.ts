import { runProgram } from '../../rig/runProgram';

/**
 * A program that calls a tool with an output schema while generating code from text is forbidden, as in many pages and edge
 * runtimes.
 */
const program = `
import { HttpConnector, MCPSession } from 'rx-mcp';
import { startExampleServer } from './demo/server/startExampleServer.ts';

const server = await startExampleServer({ program: 'spec/rig/legacyServer/main.ts' });
const session = new MCPSession(new HttpConnector(server.url));
try {
  await session.connect();
  await session.listTools();
  console.log(JSON.stringify((await session.callTool('add', { a: 1, b: 2 })).structuredContent));
} finally {
  await session.disconnect();
  await server.stop();
}
`;

describe('a tool with an output schema', () => {
  it('works where code generation is forbidden', async () => {
    const flags = ['--disallow-code-generation-from-strings', '--import', 'tsx', '--input-type=module'];
    const { code, lines, stderr } = await runProgram(process.execPath, ...flags, '--eval', program).ended;

    expect({ code, lines, stderr }).toEqual({ code: 0, lines: ['{"sum":3}'], stderr: '' });
  });
});
