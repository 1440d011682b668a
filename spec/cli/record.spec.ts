import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { HttpConnector, MCPSession } from 'rx-mcp';
import { StdioConnector } from 'rx-mcp/stdio';
import { programArgs } from '../rig/programArgs';
import { startLegacyServer } from '../rig/startLegacyServer';
import { jsonLines, useCli } from './runCli';

const { folder, run, start } = useCli();
const path = join(folder, 'session.mcp.jsonl');
const cli = programArgs('lib/cli/main.ts');
const initialize = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'file', version: '1.0.0' } },
};

/** Runs the command line with a file as standard input. */
function runWithInput(input: string, ...args: string[]) {
  const descriptor = openSync(input, 'r');
  try {
    return spawnSync(process.execPath, [...cli, ...args], { stdio: [descriptor, 'pipe', 'pipe'], encoding: 'utf8' });
  } finally {
    closeSync(descriptor);
  }
}

beforeAll(async () => {
  const first = await startLegacyServer({ args: ['--heartbeat', '20'] });
  const { child, ended, seen } = start('record', first.url, '-o', 'session.mcp.jsonl');
  await seen('connected to');
  while (!readFileSync(path, 'utf8').includes('"resourceTemplates":')) await setTimeout(20);
  first.kill();
  await seen('reconnecting');
  const second = await startLegacyServer({ args: ['--heartbeat', '20'], port: first.port });
  await seen('gap of');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/\d+ lines written to session\.mcp\.jsonl/),
  });
  await second.stop();
});

describe('rx-mcp record', () => {
  it('writes messages, losses, gaps and lists to a file that only its owner can read', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [header, ...lines] = jsonLines(readFileSync(path, 'utf8'));
    expect(header).toMatchObject({ 'mcp-recording': 1, server: 'rx-mcp-rig-legacy' });
    expect(lines.map(({ event }) => event)).toEqual(expect.arrayContaining(['open', 'lost', 'gap', 'closed']));
    const methods = lines.map(({ message }) => (message as { method?: string } | undefined)?.method);
    expect(methods).toEqual(
      expect.arrayContaining(['tools/list', 'prompts/list', 'resources/list', 'custom/heartbeat']),
    );
  });

  it('records the messages between another client and a program', async () => {
    const file = join(folder, 'proxy.mcp.jsonl');
    const command = [...cli, 'record', '-o', file, '--env', 'CLI_SPEC_GIVEN=x', '--', process.execPath];
    const session = new MCPSession(
      new StdioConnector({ command: process.execPath, args: [...command, ...programArgs('spec/cli/smallServer.ts')] }),
    );
    await session.connect();
    expect(await session.callTool('environment')).toMatchObject({ content: [{ text: 'x' }] });
    await session.disconnect();
    const [header, ...lines] = jsonLines(readFileSync(file, 'utf8'));
    expect(header).toMatchObject({ server: 'small', protocolVersion: '2025-11-25' });
    expect(lines[0]).toMatchObject({ dir: 'out', message: { method: 'initialize' } });
    expect(lines.at(-1)).toMatchObject({ event: 'closed' });
  });

  it.each([
    ['/dev/null', ''],
    ['a file', `${JSON.stringify(initialize)}\n`],
  ])('records a program while standard input is %s', (name, text) => {
    const input = name === 'a file' ? join(folder, 'input.jsonl') : name;
    if (text !== '') writeFileSync(input, text);
    const file = join(folder, 'input.mcp.jsonl');
    const program = [process.execPath, ...programArgs('spec/cli/smallServer.ts')];
    const { status, stdout, stderr } = runWithInput(input, 'record', '-o', file, '--', ...program);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.includes('"serverInfo"')).toBe(text !== '');
    const [, ...lines] = jsonLines(readFileSync(file, 'utf8'));
    expect(lines.at(-1)).toMatchObject({ event: 'closed' });
    expect(lines.some(({ event }) => event === 'open')).toBe(text !== '');
  });

  it('ends with a program that exits while standard input is open', async () => {
    const { ended } = start('record', '-o', 'exit.mcp.jsonl', '--', process.execPath, '-e', '0');
    expect(await ended).toMatchObject({ code: 1, stderr: '' });
  });

  it('replaces an existing recording, as its help says', async () => {
    const file = join(folder, 'existing.mcp.jsonl');
    writeFileSync(file, 'an earlier recording\n');
    await run('record', '-o', file, '--', process.execPath, '-e', '0');
    expect(readFileSync(file, 'utf8')).not.toContain('an earlier recording');
    expect((await run('record', '--help')).stdout).toContain('write the recording to this file, replacing it');
  });

  it('prints one sentence if the file is missing, and exits with code 4 for a program that does not exist', async () => {
    expect(await run('record', 'http://127.0.0.1:9/mcp')).toMatchObject({
      code: 1,
      stderr: 'rx-mcp: record: expected a file, as in -o session.mcp.jsonl\n',
    });
    expect((await run('record', '-o', 'x.jsonl', '--', 'rx-mcp-no-such-program')).code).toBe(4);
    expect((await run('record', '-o', 'no/such/folder/x', '--', 'node')).code).toBe(1);
  });
});

describe('rx-mcp replay', () => {
  it('serves a recording over HTTP, also to several clients', async () => {
    const { child, ended } = start('replay', 'session.mcp.jsonl', '--pace', 'asap');
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const sessions = [new MCPSession(new HttpConnector(url)), new MCPSession(new HttpConnector(url))];
    for (const session of sessions) {
      await session.connect();
      expect(session.serverInfo?.name).toBe('rx-mcp-rig-legacy');
      expect((await session.listTools()).map(({ name }) => name)).toContain('echo');
      await expect(session.callTool('never')).rejects.toThrow('replaying: tools/call "never" is not in the recording');
      await session.disconnect();
    }
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('serves standard input and output, with its notifications', async () => {
    const replay = ['--', process.execPath, ...cli, 'replay', path, '--stdio'];
    expect((await run('list', 'tools', ...replay)).stdout).toContain('echo\tReturns the text\n');
    const { code, stdout } = await run('watch', '--count', '2', ...replay);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^custom\/heartbeat/);
  });

  it('answers the requests of a file as standard input', () => {
    const input = join(folder, 'requests.jsonl');
    writeFileSync(input, `${JSON.stringify(initialize)}\n`);
    const { status, stdout, stderr } = runWithInput(input, 'replay', path, '--stdio', '--pace', 'asap');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('"serverInfo"');
  });

  it.each([
    [['replay'], 'replay: expected a recording'],
    [['replay', 'none.jsonl'], 'none.jsonl: ENOENT'],
    [['replay', 'broken.jsonl'], 'broken.jsonl: recording: line 2: not valid JSON'],
    [['replay', 'session.mcp.jsonl', '--port', 'x'], '--port: expected a port number, got "x"'],
    [['replay', 'session.mcp.jsonl', '--pace', 'fast'], '--pace: expected recorded or asap, got "fast"'],
    [['replay', 'session.mcp.jsonl', '--stdio', '--port', '0'], 'replay: expected either --stdio or --port'],
  ])('prints one sentence and exits with code 1: %j', async (args, message) => {
    writeFileSync(join(folder, 'broken.jsonl'), '{"mcp-recording":1}\n{');
    const { code, stderr } = await run(...args);
    expect(stderr.startsWith(`rx-mcp: ${message}`)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });
});
