import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../lib/cli/commands';
import { jsonLines, useCli } from './runCli';

const { folder, run } = useCli();

beforeAll(() => {
  writeFileSync(
    join(folder, '.mcp.json'),
    '{\n"mcpServers": {\n"files": {"url": "http://127.0.0.1:1/mcp"},\n"off": {"url": "http://127.0.0.1:1/mcp", "disabled": true},\n"unset": {"url": "http://x/${CLI_SPEC_UNSET}"}}}',
  );
  writeFileSync(join(folder, 'broken.json'), '{\n"mcpServers": {\n"files": {"ur": 1}}}');
  writeFileSync(join(folder, 'cut.json'), '{\n"mcpServers": {');
});

describe('bad input', () => {
  it.each([
    [['wach', 'x'], 'command line: unknown command "wach"; did you mean "watch"?'],
    [['frobnicate'], 'command line: unknown command "frobnicate"; rx-mcp help lists the commands'],
    [['--versio'], 'command line: unknown option "--versio"; did you mean "--version"?'],
    [['help', 'cal'], 'command line: unknown command "cal"; did you mean "call"?'],
    [['watch', 'files', '--jsn'], 'watch: unknown option --jsn; did you mean --json?'],
    [['watch', 'files', '-q'], 'watch: unknown option -q\n'],
    [['watch', 'files', '--a', '1'], 'watch: unknown option --a\n'],
    [['call', 'files', 'add', '--timout', '1'], 'call: unknown option --timout; did you mean --timeout?'],
    [['call', 'files', 'add', '--a', '1'], 'call: unknown option --a; an argument of the tool is a=text or a:=json'],
    [['call', 'files', 'add', '-a', '1'], 'call: unknown option -a; an argument of the tool is a=text or a:=json'],
    [['call', 'files', 'add', '--a=1'], 'call: unknown option --a; an argument of the tool is a=text or a:=json'],
    [
      ['watch', 'localhost:3000/mcp'],
      'target "localhost:3000/mcp": expected a URL; did you mean "http://localhost:3000/mcp"?',
    ],
    [['watch', '[::1]:3000'], 'target "[::1]:3000": expected a URL; did you mean "http://[::1]:3000"?'],
    [['watch', 'example.com/mcp'], 'target "example.com/mcp": expected a URL; did you mean "https://example.com/mcp"?'],
    [['watch', 'files', '--method'], 'watch: --method needs a value'],
    [['watch', 'files', '--raw=1'], 'watch: --raw takes no value'],
    [['watch', 'files', '--for', 'soon'], '--for: expected a duration like 30s, 500ms or 2m, got "soon"'],
    [['watch', 'files', '--count', '0'], '--count: expected an integer >= 1, got "0"'],
    [['watch', 'files', '--level', 'warn'], '--level: expected one of debug, info, notice, warning, error, critical'],
    [['watch', 'files', '--era', 'old'], '--era: expected legacy, modern or auto, got "old"'],
    [['watch', 'files', '--header', 'x'], "--header: expected 'name: value'"],
    [['watch', 'files', '--env', 'A=1'], '--env: expected a server that is a command'],
    [['watch', '--header', 'a: b', '--', 'node'], '--header: expected a server at a URL'],
    [['watch'], 'watch: expected a URL, the name of a server, or a command after --'],
    [['watch', '--'], 'watch: expected a command after --'],
    [['watch', 'files', '--', 'node'], 'target: expected either "files" or a command after --'],
    [['servers', '--', 'node'], 'servers: unexpected command after --'],
    [['call', 'files'], 'call: expected a target and the name of a tool'],
    [['call', 'files', 'echo', 'text'], 'argument "text": expected key=text, key:=json, a JSON object, or -'],
    [['call', 'files', 'echo', 'a:={'], 'argument "a": not valid JSON'],
    [['call', 'files', 'echo', '-'], 'standard input: not valid JSON'],
    [['read', 'files'], 'read: expected a target and the URI of a resource'],
    [['list', 'fils'], 'target "fils": neither a URL nor the name of a server in ./.mcp.json; did you mean "files"?'],
    [['list', 'ftp://x'], 'url: expected an http: or https: URL'],
    [['list', 'off'], 'target "off": disabled (./.mcp.json:4)'],
    [['list', 'unset'], './.mcp.json:5: mcpServers.unset.url: environment variable CLI_SPEC_UNSET is not set'],
    [
      ['list', 'files', '--config', 'broken.json'],
      'broken.json:3: mcpServers.files.ur: unknown name; did you mean "url"?',
    ],
    [['list', 'files', '--config', 'cut.json'], 'cut.json:2: not valid JSON: unexpected end of file'],
    [['list', 'files', '--config', 'none.json'], 'none.json: ENOENT'],
  ])('prints one sentence and exits with code 1: %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr.startsWith(`rx-mcp: ${message}`)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('is one JSON object with --json', async () => {
    const { code, stderr } = await run('list', 'fils', '--json');
    expect(code).toBe(1);
    expect(jsonLines(stderr)).toEqual([
      { error: { name: 'UsageError', message: expect.stringContaining('did you mean "files"?'), retryable: false } },
    ]);
  });
});

describe('help', () => {
  it.each([[[]], [['--help']], ...commands.map(({ name }) => [['help', name]])])(
    'fits into 80 columns: %j',
    async (args: string[]) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(args[1] === undefined ? 'Exit codes:' : `rx-mcp ${args[1]}`);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it('is printed for a command with -h, but not for a -h after --', async () => {
    expect((await run('watch', '-h')).stdout).toBe((await run('help', 'watch')).stdout);
    expect((await run('list', '--', 'rx-mcp-no-such-program', '-h')).code).toBe(4);
  });

  it('prints the version', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
