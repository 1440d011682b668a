import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { programArgs } from '../rig/programArgs';
import { startLegacyServer } from '../rig/startLegacyServer';
import { type CliResult, jsonLines, useCli } from './runCli';

const { start, folder } = useCli();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function startServer() {
  const server = await startLegacyServer();
  ends.push(() => server.stop());
  return server;
}
const small = ['--', process.execPath, ...programArgs('spec/cli/smallServer.ts')];
const file = join(folder, 'a.mcp.jsonl');

/** The lines that a command writes to standard error, without progress. */
const notes = ({ stderr }: CliResult) => stderr.split('\n').filter((line) => line && !line.includes('step '));

const commands: [code: number, ready: string, ...command: string[]][] = [
  [0, 'connected to', 'watch', 'URL'],
  [0, 'connected to', 'watch', 'URL', 'URL'],
  [0, 'connected to', 'watch', ...small],
  [0, 'greet', 'list', 'URL', '--watch'],
  [0, 'touched', 'read', 'URL', 'memo://counter', '--watch'],
  [0, 'connected to', 'record', 'URL', '-o', file],
  [130, 'step 2', 'call', 'URL', 'long_task', 'steps:=10000'],
];

describe('rx-mcp that is interrupted', () => {
  describe.each(['SIGINT', 'SIGTERM'] as const)('by %s', (signal) => {
    it.each(commands)('ends with code %i and without an error: %s, %s', async (code, ready, ...command) => {
      const server = await startServer();
      const { child, ended, seen } = start(...command.map((word) => (word === 'URL' ? server.url : word)));
      await seen(ready);

      child.kill(signal);
      const result = await ended;

      expect(result.code).toBe(code);
      for (const line of notes(result)) expect(line).toMatch(/^rx-mcp: (\S+: )?(connected to |\d+ lines written to )/);
    });
  });

  it('prints the exit code of a call with --json', async () => {
    const server = await startServer();
    const { child, ended, seen } = start('call', server.url, 'long_task', 'steps:=10000', '--json');
    await seen('step 2');

    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;

    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { tool: 'long_task', exitCode: 130 } });
  });

  it.each([
    ['list', 'URL'],
    ['read', 'URL', 'memo://counter'],
    ['call', 'URL', 'echo'],
    ['watch', 'URL'],
  ])('stops connecting without an error: %s', async (...command) => {
    const server = await startSilentServer();
    const { child, ended } = start(...command.map((word) => (word === 'URL' ? server.url : word)));
    await server.requested;

    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;

    expect({ code, stdout, stderr }).toEqual({ code: command[0] === 'watch' ? 0 : 130, stdout: '', stderr: '' });
  });
});

/** Starts a server that accepts requests and never responds. */
async function startSilentServer() {
  let onRequest = (): void => undefined;
  const requested = new Promise<void>((resolve) => (onRequest = resolve));
  const server = createServer(() => onRequest()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, requested };
}
