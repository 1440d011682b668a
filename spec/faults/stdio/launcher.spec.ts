import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { runs } from '../../rig/runs';
import { stdioFaultServerCommand } from '../../rig/stdio/stdioFaultServerCommand';

const { command, args } = stdioFaultServerCommand();
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
const server = [command, ...args].map(quote).join(' ');
const helper = `${quote(process.execPath)} -e 'setTimeout(() => {}, 60000)'`;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spec-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function pidIn(file: string): Promise<number> {
  return Number(await readFile(join(directory, file), 'utf8'));
}

async function untilEnded(pid: number): Promise<void> {
  while (runs(pid)) await setTimeout(10);
}

describe('a launcher that starts the server', () => {
  it.each([
    ['and waits for it', `${server}; exit $?`],
    ['and leaves a helper running', `${helper} >/dev/null 2>&1 & echo $! > helper; ${server}`],
    ['in a nested shell', `sh -c ${quote(`${helper} >/dev/null 2>&1 & echo $! > helper; ${server}`)}; exit $?`],
  ])('%s is ended by disconnect(), with all processes that it started', async (_, script) => {
    const session = new MCPSession(
      new StdioConnector({
        command: 'sh',
        args: ['-c', `echo $$ > launcher; ${script}`],
        cwd: directory,
        stderr: 'ignore',
      }),
    );
    await session.connect();
    const pids = [await pidIn('launcher')];
    if (script.includes('helper')) pids.push(await pidIn('helper'));
    expect(pids.every(runs)).toBe(true);

    await session.disconnect();

    await Promise.all(pids.map(untilEnded));
  });
});
