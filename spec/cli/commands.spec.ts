import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { MCPServer, tool, toNodeHandler } from 'rx-mcp/server';
import { listen } from '../rig/listen';
import { programArgs } from '../rig/programArgs';
import type { RunningExampleServer } from '../rig/startExampleServer';
import { startLegacyServer } from '../rig/startLegacyServer';
import { jsonLines, useCli } from './runCli';

const { folder, run, start } = useCli();
let server: RunningExampleServer;
let url: string;

beforeAll(async () => {
  server = await startLegacyServer({ args: ['--heartbeat', '20'] });
  ({ url } = server);
});
afterAll(() => server.stop());

const small = (): string[] => ['--', process.execPath, ...programArgs('spec/cli/smallServer.ts')];

describe('rx-mcp list', () => {
  it('prints one line for each item, with tabs and without colours', async () => {
    const { code, stdout, stderr } = await run('list', url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('tools\techo\tReturns the text\n');
    expect(stdout).toMatch(/^prompts\tgreet\t/m);
    expect(stdout).toMatch(/^resources\tmemo:\/\/readme\t/m);
    expect(stdout).toMatch(/^templates\tmemo:\/\/note\/\{id\}\t/m);
    expect(stdout).not.toContain('\u001B');
  });

  it('prints one kind in the shape of MCP, and a summary', async () => {
    const [result, last] = jsonLines((await run('list', url, 'tools', '--json')).stdout);
    expect(result).toEqual({ tools: expect.arrayContaining([expect.objectContaining({ name: 'echo' })]) });
    expect(last).toEqual({ summary: { tools: (result!['tools'] as unknown[]).length, exitCode: 0 } });
  });

  it('suggests the kind for a misspelled one', async () => {
    for (const args of [
      [url, 'tool'],
      ['tool', ...small()],
    ]) {
      const { code, stderr } = await run('list', ...args);
      expect(code).toBe(1);
      expect(stderr).toContain(
        'list: expected tools, prompts, resources or templates, got "tool"; did you mean "tools"?',
      );
    }
  });

  it('prints a list again after a change, until it is interrupted', async () => {
    const { child, ended, seen } = start('list', 'tools', '--watch', ...small());
    await seen('ask\tAsks for a name\nenvironment\n');
    await seen('ask\tAsks for a name\nenvironment\nlate\n');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  it('lists the reachable servers, and exits with the code of the unreachable one', async () => {
    const { code, stdout, stderr } = await run('list', url, 'http://127.0.0.1:9/mcp', 'tools');
    expect(code).toBe(4);
    expect(stdout).toContain(`127.0.0.1:${server.port}\techo\t`);
    expect(stderr).toMatch(/^rx-mcp: 127\.0\.0\.1:9: /);
  });
});

describe('rx-mcp call', () => {
  it('prints the text of the result', async () => {
    expect(await run('call', url, 'echo', 'text=a=b: c')).toEqual({ code: 0, stdout: 'a=b: c\n', stderr: '' });
  });

  it('accepts JSON, objects and standard input as arguments, and uses the last value', async () => {
    expect((await run('call', url, 'add', 'a:=2', '{"a": 40, "b": 2}')).stdout).toBe('42\n');
    const { child, ended } = start('call', url, 'echo', '-');
    child.stdin.end('{"text": "from standard input"}');
    expect((await ended).stdout).toBe('from standard input\n');
  });

  it('prints progress on standard error, unless it is disabled', async () => {
    const { stdout, stderr } = await run('call', url, 'long_task', 'steps:=3');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^1\/3/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect((await run('call', url, 'long_task', 'steps:=3', '--no-progress')).stderr).toBe('');
  });

  it('prints the result in the shape of MCP, and a summary', async () => {
    const [result, last] = jsonLines((await run('call', url, 'echo', 'text=hi', '--json')).stdout);
    expect(result).toEqual({ content: [{ type: 'text', text: 'hi' }] });
    expect(last).toEqual({ summary: { tool: 'echo', ms: expect.any(Number), exitCode: 0 } });
  });

  it('exits with code 5 for an error of the tool, and for a tool that does not exist', async () => {
    expect((await run('call', url, 'fail')).code).toBe(5);
    const { code, stderr } = await run('call', url, 'ecko', 'text=hi');
    expect(code).toBe(5);
    expect(stderr).toBe('rx-mcp: call: no such tool "ecko"; did you mean "echo"?\n');
  });

  it('mentions the syntax for values that are not text, if the tool expects one', async () => {
    const text = await run('call', url, 'add', 'a=1', 'b:=2');
    expect(text.code).toBe(5);
    expect(text.stderr).toContain('a:=1 passes a number');
    expect(text.stderr).not.toContain('b:=');
    expect((await run('call', url, 'fail', 'a=1')).stderr).toBe('');
    const input = {
      type: 'object',
      properties: { on: { type: 'boolean' }, ids: { type: 'array' }, name: { type: 'string' } },
    };
    const server = new MCPServer({ name: 'spec', version: '1' }, { tools: [tool('set', { input }, () => 'set')] });
    const listening = await listen(createServer(toNodeHandler(server)));
    const { code, stderr } = await run('call', listening.url, 'set', 'on=true', 'ids=[1]', 'name=1', '--json');
    expect(code).toBe(5);
    expect(jsonLines(stderr).at(-1)).toMatchObject({
      error: { message: 'call: on:=true passes a boolean, ids:=[1] passes an array' },
    });
    await server.close();
    await listening.close();
  });

  it('starts a program, passes it variables, and declines its questions without a terminal', async () => {
    expect((await run('call', 'environment', '--env', 'CLI_SPEC_GIVEN=a=b', ...small())).stdout).toBe('a=b\n');
    const declined = await run('call', 'ask', ...small());
    expect(declined.stdout).toBe('{"action":"decline"}\n');
    expect(declined.stderr).toContain('rx-mcp: declined an elicitation, because there is no terminal: Who are you?\n');
    const inJson = await run('call', 'ask', '--json', ...small());
    expect(jsonLines(inJson.stderr)).toContainEqual({
      declined: { message: 'Who are you?', reason: 'there is no terminal' },
    });
  });

  it('exits with code 4 for a program that does not exist', async () => {
    const { code, stderr } = await run('call', 'ask', '--', 'rx-mcp-no-such-program');
    expect(code).toBe(4);
    expect(stderr).toContain('rx-mcp-no-such-program');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('exits with code 3 if the server requires credentials, and does not print the sent ones', async () => {
    const guard = createServer((request, response) => {
      const isKnown = request.headers['x-key'] === 'right';
      response.writeHead(isKnown ? 404 : 401).end();
    });
    const listening = await listen(guard);
    const guarded = `${listening.url}?token=hidden`;
    const { code, stderr } = await run('call', guarded, 'echo', '--header', 'x-key: wrong-key', '--json');
    expect(code).toBe(3);
    expect(jsonLines(stderr)[0]).toMatchObject({ error: { name: 'UnauthorizedError', retryable: false } });
    expect(stderr).not.toMatch(/hidden|wrong-key/);
    expect((await run('call', guarded, 'echo', '--header', 'x-key: right')).code).toBe(4);
    await listening.close();
  });

  it('exits with code 4 if the server rejects the Host of the URL', async () => {
    const server = new MCPServer({ name: 'spec', version: '1' }, { hosts: ['ops.example'] });
    const guard = await listen(createServer(toNodeHandler(server)));
    for (const era of ['auto', 'legacy']) {
      const { code, stderr } = await run('call', guard.url, 'echo', '--json', '--era', era);
      expect(jsonLines(stderr)[0]).toMatchObject({ error: { name: 'ConnectionFailedError', retryable: false } });
      expect(stderr).toMatch(/Invalid Host.*certain host names/);
      expect(code).toBe(4);
    }
    await server.close();
    await guard.close();
  });
});

describe('rx-mcp read', () => {
  it('prints the contents of a resource', async () => {
    const { code, stdout } = await run('read', url, 'memo://readme');
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(10);
    const [result, last] = jsonLines((await run('read', url, 'memo://readme', '--json')).stdout);
    expect(result).toEqual({ contents: [expect.objectContaining({ uri: 'memo://readme', text: stdout.trimEnd() })] });
    expect(last).toEqual({ summary: { uri: 'memo://readme', reads: 1, exitCode: 0 } });
  });

  it('exits with code 1 for a resource that does not exist', async () => {
    const { code, stderr } = await run('read', url, 'memo://nothing/here');
    expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
  });

  it('prints the contents again after an update', async () => {
    const { child, ended, seen } = start('read', 'memo://count', '--watch', '--json', ...small());
    await seen('"text":"2"');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { uri: 'memo://count', reads: 2 } });
  });
});

describe('rx-mcp servers', () => {
  it('lists the servers of all files with file and line, and prints no variables', async () => {
    mkdirSync(join(folder, '.vscode'), { recursive: true });
    mkdirSync(join(folder, '.cursor'), { recursive: true });
    const one = { command: 'node', args: ['${CLI_SPEC_TOKEN}'] };
    writeFileSync(join(folder, '.mcp.json'), JSON.stringify({ mcpServers: { one, web: { url } } }));
    writeFileSync(
      join(folder, '.vscode/mcp.json'),
      JSON.stringify({ servers: { web: { url: 'http://127.0.0.1:9' } } }),
    );
    writeFileSync(join(folder, '.cursor/mcp.json'), JSON.stringify({ mcpServers: { off: { url, disabled: true } } }));
    writeFileSync(join(folder, '.claude.json'), JSON.stringify({ numStartups: 3 }));
    const { code, stdout } = await run('servers', '--json');
    expect(code).toBe(0);
    expect(stdout).not.toContain('secret');
    expect(jsonLines(stdout).map(({ name, file, disabled }) => [name, file, disabled])).toEqual([
      ['one', './.mcp.json', false],
      ['web', './.mcp.json', false],
      ['web', './.vscode/mcp.json', false],
      ['off', './.cursor/mcp.json', true],
      [undefined, undefined, undefined],
    ]);
    expect((await run('servers')).stdout).toContain('one\tnode ${CLI_SPEC_TOKEN}\t./.mcp.json:1\n');
  });

  it('connects the server of the first file that contains the name', async () => {
    expect((await run('call', 'web', 'echo', 'text=hi')).stdout).toBe('hi\n');
    expect((await run('call', 'web', 'echo', 'text=hi', '--config', '.vscode/mcp.json')).code).toBe(4);
  });
});
