import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError, MCPClient } from 'rx-mcp';
import { firstValueFrom, throwError } from 'rxjs';
import { readConfig, readConfigFile } from '../../../lib/client/config/readConfig';

const folder = mkdtempSync(join(tmpdir(), 'rx-mcp-config-'));

beforeAll(() => {
  process.env['RX_MCP_SPEC_KEY'] = 'secret';
  process.env['RX_MCP_SPEC_EMPTY'] = '';
});

afterAll(() => {
  delete process.env['RX_MCP_SPEC_KEY'];
  delete process.env['RX_MCP_SPEC_EMPTY'];
  rmSync(folder, { recursive: true });
});

function write(text: string, name = 'mcp.json'): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function serversOf(value: unknown, name?: string): Promise<unknown> {
  return (await readConfig(write(JSON.stringify(value), name))).mcpServers;
}

async function problemOf(text: string): Promise<ConfigError> {
  const error: unknown = await readConfig(write(text)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return error as ConfigError;
}

describe('the shapes of other clients', () => {
  it.each([
    ['Cursor and Claude', { mcpServers: { a: { url: 'http://x/mcp', headers: { k: 'v' } } } }],
    ['VS Code', { inputs: [], servers: { a: { type: 'http', url: 'http://x/mcp', headers: { k: 'v' } } } }],
    ['Windsurf', { mcpServers: { a: { serverUrl: 'http://x/mcp', headers: { k: 'v' }, disabledTools: ['b'] } } }],
    ['Gemini', { theme: 'dark', mcpServers: { a: { httpUrl: 'http://x/mcp', headers: { k: 'v' }, trust: true } } }],
    [
      'Cline',
      { mcpServers: { a: { type: 'streamableHttp', url: 'http://x/mcp', headers: { k: 'v' }, autoApprove: [] } } },
    ],
    ['an older server', { mcpServers: { a: { type: 'sse', url: 'http://x/mcp', headers: { k: 'v' } } } }],
  ])('reads the file of %s', async (_, file) => {
    expect(await serversOf(file)).toEqual({ a: { url: 'http://x/mcp', headers: { k: 'v' } } });
  });

  it('reads commands, and converts numbers among variables to strings', async () => {
    const a = {
      type: 'stdio',
      command: 'files',
      args: ['-v'],
      env: { PORT: 80, NONE: null },
      cwd: '/srv',
      disabled: false,
    };
    expect(await serversOf({ servers: { a } })).toEqual({
      a: { command: 'files', args: ['-v'], env: { PORT: '80' }, cwd: '/srv' },
    });
  });

  it('reads comments, trailing commas and a byte order mark', async () => {
    const path = write(`\uFEFF{
      // the team's servers
      "mcpServers": { /* one
      of them */ "a": { "url": "http://x/mcp?q=//y,}", "headers": { "k": "/*v*/", }, }, },
    }`);
    expect((await readConfig(path)).mcpServers).toEqual({
      a: { url: 'http://x/mcp?q=//y,}', headers: { k: '/*v*/' } },
    });
  });

  it('skips disabled servers, even if they are invalid', async () => {
    const b = { url: 'http://x/${RX_MCP_SPEC_UNSET}', disabled: true };
    expect(await serversOf({ mcpServers: { a: { command: 'a' }, b, c: { command: 'c', enabled: false } } })).toEqual({
      a: { command: 'a' },
    });
    const { servers } = await readConfigFile(join(folder, 'mcp.json'));
    expect([...servers].map(([name, { disabled }]) => [name, disabled])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ]);
  });
});

describe('variables', () => {
  it('are expanded in every string', async () => {
    const a = {
      command: '${userHome}/bin/a',
      args: [
        '${env:RX_MCP_SPEC_KEY}',
        'x${RX_MCP_SPEC_KEY}y',
        '${RX_MCP_SPEC_UNSET:-a:b}',
        '${RX_MCP_SPEC_EMPTY:-c}',
        '$HOME',
      ],
      env: { KEY: '${RX_MCP_SPEC_KEY:-d}', EMPTY: '${RX_MCP_SPEC_EMPTY}' },
      cwd: '${workspaceFolder}',
    };
    expect(await serversOf({ servers: { a } }, '.vscode/mcp.json')).toEqual({
      a: {
        command: `${homedir()}/bin/a`,
        args: ['secret', 'xsecrety', 'a:b', 'c', '$HOME'],
        env: { KEY: 'secret', EMPTY: '' },
        cwd: folder,
      },
    });
  });

  it.each([
    ['${RX_MCP_SPEC_UNSET}', 'environment variable RX_MCP_SPEC_UNSET is not set'],
    ['${env:RX_MCP_SPEC_UNSET}', 'environment variable RX_MCP_SPEC_UNSET is not set'],
    ['${input:token}', 'cannot prompt for ${input:token}; use an environment variable instead'],
    ['${command:pick}', 'unsupported variable ${command:pick}'],
  ])('report %s with file, line, server and path, and no value', async (variable, reason) => {
    const text = `{\n"servers": {\n"a": {"url": "http://x",\n"headers": {\n"k": "private ${variable}"}}, "b": {"command": "b"}}}`;
    const client = await MCPClient.fromConfigFile(write(text));
    expect(await firstValueFrom(client.session('b').status$)).toEqual({ state: 'idle' });
    const error: unknown = await client.createSession('a').catch((problem: unknown) => problem);
    if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError');
    expect(error.message).toBe(`${join(folder, 'mcp.json')}:5: servers.a.headers.k: ${reason}`);
    expect(error).toMatchObject({ path: 'servers.a.headers.k', server: 'a', retryable: false });
  });
});

describe('a configuration file with a mistake', () => {
  it.each([
    ['{\n"mcpServers": {\n"a": {"comand": "x"}}}', 3, 'mcpServers.a.comand: unknown name; did you mean "command"?'],
    [
      '{\n"mcpServers": {\n"a": {"url": "http://x",\n"header": {}}}}',
      4,
      'mcpServers.a.header: unknown name; did you mean "headers"?',
    ],
    ['{\n"mcpServers": {\n"a": {"url": "http://x",\n"qqqqqqqq": {}}}}', 4, 'mcpServers.a.qqqqqqqq: unknown name'],
    ['{\n"mcpServer": {}}', 2, 'unknown name; did you mean "mcpServers"?'],
    ['{\n"mcpServers": []}', 2, 'mcpServers: expected an object of servers by name'],
    ['[]', 1, 'expected an object with mcpServers'],
    ['{"theme": 1}', 1, 'expected mcpServers or servers'],
    ['{"servers": {\n"a.b": 1}}', 2, 'servers.a.b: expected an object'],
    ['{"servers": {\n"a": {}}}', 2, 'servers.a: expected a url or a command'],
    [
      '{"servers": {\n"a": {"url": "http://x", "command": "y"}}}',
      2,
      'servers.a: expected one of url and command, not both',
    ],
    [
      '{"servers": {\n"a": {"type":\n"stdio", "url": "http://x"}}}',
      2,
      'servers.a.type: expected a server with a command, got one with a url',
    ],
    [
      '{"servers": {\n"a": {"type": "ftp", "url": "http://x"}}}',
      2,
      'servers.a.type: expected http, streamable-http, sse or stdio',
    ],
    ['{"servers": {\n"a": {"url": "http://x",\n"disabled": "yes"}}}', 3, 'servers.a.disabled: expected true or false'],
    ['{"servers": {\n"a": {"command": "x",\n"args": "y"}}}', 3, 'servers.a.args: '],
    [
      '{"servers": {\n"a": {"url": "http://x",\n"keepAlive": -1}}}',
      3,
      'servers.a.keepAlive: expected a number > 0 or false, got -1',
    ],
    ['{\n"a": 1,\n}}', 3, 'not valid JSON: expected the end of the file'],
    ['{\n"a" 1}', 2, 'not valid JSON: expected ":"'],
    ['{\n\n"a": tru}', 3, 'not valid JSON: expected a value'],
    ['{\n"a": [1 2]}', 2, 'not valid JSON: expected "," or "]"'],
    ['{\n"a": {"b', 2, 'not valid JSON: unexpected character'],
    ['{\n"a": \n', 3, 'not valid JSON: unexpected end of file'],
    ['', 1, 'not valid JSON: unexpected end of file'],
    ['{a: 1}', 1, 'not valid JSON: expected a name in double quotes'],
    ['['.repeat(100_000), 1, 'not valid JSON: nested too deeply'],
  ])('is reported with its line: %j', async (text, line, reason) => {
    const error = await problemOf(text);
    expect(error.message.startsWith(`${join(folder, 'mcp.json')}:${line}: ${reason}`)).toBe(true);
    expect(error.message).not.toContain('\n');
  });

  it('is reported with the name of a server that has dots in it', async () => {
    const error = await problemOf('{"mcpServers": {\n"a.b": {"url": "http://x",\n"keepAlive": -1}}}');
    expect(error).toMatchObject({ server: 'a.b', path: 'mcpServers.a.b.keepAlive' });
    expect(error.message).toContain(':3: ');
  });

  it('accepts the names of prototype members as server names', async () => {
    const { servers } = await readConfigFile(
      write('{"mcpServers": {"__proto__": {"command": "x"}, "constructor": {"command": "y"}}}'),
    );
    expect([...servers.keys()]).toEqual(['__proto__', 'constructor']);
  });
});

describe('MCPClient.fromConfigFile', () => {
  it('creates a client from a file with comments', async () => {
    const urls: string[] = [];
    const client = await MCPClient.fromConfigFile(
      write('{ "servers": { /* one */ "a": { "serverUrl": "http://127.0.0.1:1/mcp" }, } }'),
      {
        engine: (target) => {
          if (target.kind === 'http') urls.push(target.url.href);
          return throwError(() => new Error('not connected'));
        },
      },
    );
    await expect(client.createSession('a')).rejects.toThrow('not connected');
    expect(urls).toEqual(['http://127.0.0.1:1/mcp']);
  });
});
