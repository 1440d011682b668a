import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { programArgs } from '../rig/programArgs';
import { hasPseudoterminals, runInTerminal, type TerminalRun } from '../rig/runInTerminal';
import type { RunningExampleServer } from '../rig/startExampleServer';
import { startLegacyServer } from '../rig/startLegacyServer';

const inTerminals = hasPseudoterminals ? describe : describe.skip;

inTerminals('rx-mcp on a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-mcp-terminal-'));
  const small = ['--', process.execPath, ...programArgs('spec/cli/smallServer.ts')];
  let server: RunningExampleServer;
  let terminal: TerminalRun;

  beforeAll(async () => {
    server = await startLegacyServer({ args: ['--heartbeat', '20'] });
  });
  afterEach(() => terminal.kill());
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): TerminalRun {
    const command = [process.execPath, ...programArgs('lib/cli/main.ts'), ...args];
    const own = { PATH: process.env['PATH'], HOME: folder, ...env };
    terminal = runInTerminal(command, { columns: 80, cwd: folder, env: own });
    return terminal;
  }
  const linesOf = (output: string): string[] => stripVTControlCharacters(output).trimEnd().split(/\r*\n/);

  it('draws lists with headings and colours, in 80 columns', async () => {
    const { code, output } = await start(['list', server.url]).ended;

    expect(code).toBe(0);
    expect(output).toContain('\u001B[1mtools (');
    const lines = linesOf(output);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^ {2}echo +Returns the text$/)]));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('has no colours with NO_COLOR', async () => {
    const { output } = await start(['list', server.url, 'tools'], { NO_COLOR: '1' }).ended;

    expect(output).toContain('echo');
    expect(output).not.toContain('\u001B[');
  });

  it('draws notifications with their time, and ends with code 0 on Ctrl-C', async () => {
    const { seen, type, ended } = start(['watch', server.url]);
    await seen('"count"', 2);
    type('\u0003');
    const { code, output } = await ended;

    expect(code).toBe(0);
    expect(linesOf(output)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\d\d:\d\d:\d\d custom\/heartbeat \{"count":\d+\}$/)]),
    );
  });

  it('draws progress on one line, which the result replaces', async () => {
    const { code, output } = await start(['call', server.url, 'long_task', 'steps:=3']).ended;

    expect(code).toBe(0);
    expect(output.split('\r\u001B[2K')).toHaveLength(4);
    expect(linesOf(output)).toHaveLength(1);
  });

  it('asks the questions of the server, and sends the answers', async () => {
    const { seen, type, ended } = start(['call', 'ask', ...small]);
    await seen('? Who are you?');
    await seen('name (text): ');
    type('Ada\r');
    const { code, output } = await ended;

    expect(code).toBe(0);
    expect(linesOf(output).at(-1)).toBe('{"action":"accept","content":{"name":"Ada"}}');
  });

  it('cancels a question on Ctrl-D', async () => {
    const { seen, type, ended } = start(['call', 'ask', ...small]);
    await seen('name (text): ');
    type('\u0004');

    expect(linesOf((await ended).output).at(-1)).toBe('{"action":"cancel"}');
  });

  it('ends with code 130 and without a result on Ctrl-C at a question', async () => {
    const { seen, type, ended } = start(['call', 'ask', ...small]);
    await seen('name (text): ');
    type('\u0003');
    const { code, output } = await ended;

    expect(code).toBe(130);
    expect(output).not.toContain('action');
  });

  it('ends with code 130 on Ctrl-C during a call', async () => {
    const { seen, type, ended } = start(['call', server.url, 'long_task', 'steps:=500']);
    await seen('2/500');
    type('\u0003');

    expect((await ended).code).toBe(130);
  });
});
