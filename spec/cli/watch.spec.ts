import { startLegacyServer } from '../rig/startLegacyServer';
import { jsonLines, useCli } from './runCli';

const { run, start } = useCli();
const args = ['--heartbeat', '20'];

describe('rx-mcp watch', () => {
  it('stops after a number of notifications of a method', async () => {
    const server = await startLegacyServer({ args });
    const { code, stdout } = await run('watch', server.url, '--method', 'custom/heartbeat', '--count', '2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^custom\/heartbeat \{"count":\d+\}\ncustom\/heartbeat \{"count":\d+\}\n$/);
    await server.stop();
  });

  it('prints the shapes of MCP with --json, and every message with --raw', async () => {
    const server = await startLegacyServer({ args });
    const lines = jsonLines((await run('watch', server.url, '--count', '1', '--json')).stdout);
    expect(lines[0]).toEqual({ method: 'custom/heartbeat', params: { count: expect.any(Number) } });
    expect(lines[1]).toEqual({
      summary: { notifications: 1, gaps: 0, reconnects: 0, ms: expect.any(Number), exitCode: 0 },
    });
    const raw = jsonLines((await run('watch', server.url, '--count', '1', '--json', '--raw')).stdout);
    expect(raw[0]).toMatchObject({ dir: 'out', connection: 1, message: { method: 'initialize' } });
    expect(raw.some(({ dir }) => dir === 'in')).toBe(true);
    await server.stop();
  });

  it('exits with 0 if the awaited notification arrives, otherwise with 7', async () => {
    const server = await startLegacyServer({ args });
    const { code } = await run('watch', server.url, '--until', 'custom/heartbeat', '--for', '1m');
    expect(code).toBe(0);
    expect((await run('watch', server.url, '--until', 'custom/never', '--for', '300ms')).code).toBe(7);
    expect((await run('watch', server.url, '--for', '300ms')).code).toBe(0);
    await server.stop();
  });

  it('continues after a restart of the server, and reports the gap', async () => {
    const first = await startLegacyServer({ args });
    const { child, ended, seen } = start('watch', first.url);
    await seen('custom/heartbeat');
    first.kill();
    await seen('reconnecting');
    const second = await startLegacyServer({ args, port: first.port });
    await seen('connected again');
    await seen('gap of');
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    const lines = stderr.trimEnd().split('\n');
    const shapes = [
      'connected to ',
      'reconnecting, attempt \\d+ in \\d+ ms',
      'connected again to ',
      'gap of \\d+ ms: ',
    ];
    for (const line of lines) expect(line).toMatch(new RegExp(`^rx-mcp: (${shapes.join('|')})`));
    expect(lines[1]).toMatch(/^rx-mcp: reconnecting, attempt 1 in \d+ ms: listening: /);
    await second.stop();
  });

  it.each([
    ['list', 'URL', 'prompts', '--watch'],
    ['read', 'URL', 'memo://counter', '--watch'],
  ])('is not the only command that reports a restart: %s', async (...command) => {
    const first = await startLegacyServer({ args });
    const { child, ended, seen } = start(...command.map((word) => (word === 'URL' ? first.url : word)));
    await seen('connected to');
    first.kill();
    await seen('reconnecting, attempt 1');
    const second = await startLegacyServer({ args, port: first.port });
    await seen('connected again');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
    await second.stop();
  });

  it('exits with code 6 at a gap with --fail-on-gap', async () => {
    const first = await startLegacyServer({ args });
    const { ended, seen } = start('watch', first.url, '--fail-on-gap', '--json');
    await seen('custom/heartbeat');
    first.kill();
    await seen('reconnecting');
    const second = await startLegacyServer({ args, port: first.port });
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(6);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ summary: { gaps: 1, exitCode: 6 } });
    expect(jsonLines(stderr).some((line) => 'gap' in line)).toBe(true);
    await second.stop();
  });

  it('exits silently when the reader of its output closes the pipe', async () => {
    const server = await startLegacyServer({ args });
    const { child, ended, seen } = start('watch', server.url);
    await seen('custom/heartbeat');
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^rx-mcp: connected to [^\n]*\n$/);
    await server.stop();
  });

  it('exits with code 4 when the server is unreachable', async () => {
    const { code, stdout, stderr } = await run('watch', 'http://127.0.0.1:9/mcp');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^rx-mcp: [^\n]*\n$/);
  });

  it('marks the notifications of several servers with their names', async () => {
    const [one, two] = await Promise.all([startLegacyServer({ args }), startLegacyServer({ args })]);
    const { child, ended, seen } = start('watch', one.url, two.url, '--json');
    await seen(`{"server":"127.0.0.1:${one.port}","method":"custom/heartbeat"`);
    await seen(`{"server":"127.0.0.1:${two.port}","method":"custom/heartbeat"`);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    await Promise.all([one.stop(), two.stop()]);
  });
});
