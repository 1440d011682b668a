import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { firstValueFrom, skip } from 'rxjs';
import { programArgs } from '../../rig/programArgs';
import { quick } from '../../rig/quick';
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

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'is respawned after %s, once the processes that it started have ended',
    async (signal) => {
      const script = `echo $$ > launcher; ${helper} >/dev/null 2>&1 & echo $! > helper; ${server}`;
      const session = new MCPSession(
        new StdioConnector(
          { command: 'sh', args: ['-c', script], cwd: directory, stderr: 'ignore' },
          { reconnect: quick },
        ),
      );
      await session.connect();
      const [launcher, first] = [await pidIn('launcher'), await pidIn('helper')];
      const reconnected = firstValueFrom(session.connections$.pipe(skip(1)));

      process.kill(launcher, signal);
      await untilEnded(first);
      await reconnected;

      expect(await pidIn('helper')).not.toBe(first);
      await session.disconnect();
      await untilEnded(await pidIn('helper'));
    },
  );

  it.each([
    ['the server itself', `exec ${server}`],
    ['a shell that waits for the server', `${server}; exit $?`],
    ['a nested shell', `sh -c ${quote(`${server}; exit $?`)}; exit $?`],
  ])('ends with its stdin when this process is killed: %s', async (_, script) => {
    const program = [...programArgs('spec/faults/stdio/ownerProgram.ts'), directory, `echo $$ > launcher; ${script}`];
    const owner = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(owner.stdout, 'data');
    const launcher = await pidIn('launcher');
    expect(runs(launcher)).toBe(true);

    owner.kill('SIGKILL');

    await untilEnded(launcher);
  });
});
