import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Program, runTypeScript } from '../rig/runProgram';
import { type RunningExampleServer, startExampleServer } from '../rig/startExampleServer';

describe('programs in the documentation', () => {
  let folder: string;
  let server: RunningExampleServer;
  let program: Program;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rx-mcp-docs-'));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
    server = await startExampleServer({ args: ['--heartbeat', '100'] });
  });
  afterEach(async () => {
    await program.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** Runs all code of a page as one program, with the URL of the server in place of that on the page. */
  function run(page: string): void {
    const blocks = [...readFileSync(page, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
    const file = join(folder, 'program.mts');
    writeFileSync(file, blocks.join('\n').replaceAll('http://127.0.0.1:3000/mcp', server.url));
    program = runTypeScript(file);
  }

  it('README.md: reports a gap after the server restarts', async () => {
    run('README.md');

    expect(await program.line('heartbeat')).toMatch(/^heartbeat \{ count: \d+ \}$/);
    // Heartbeats can arrive before `connect()` resolves, the list of tools only afterwards.
    expect(await program.line('tools')).toMatch(/^\d+ tools$/);

    server.kill();
    server = await startExampleServer({ port: server.port, args: ['--heartbeat', '100'] });

    expect(await program.line('missed')).toMatch(/^may have missed \d+ ms$/);
    // With the default policy, the next attempt may be several seconds away.
  }, 90_000);

  it('docs/getting-started.md: runs as one program', async () => {
    run('docs/getting-started.md');

    const { code, lines, stderr } = await program.ended;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines.filter((line) => !line.startsWith('heartbeat'))).toEqual([
      'status: idle',
      'status: connecting',
      'status: connected',
      'error: the disk is full',
      '1 of 3',
      '2 of 3',
      '3 of 3',
      "[ { type: 'text', text: 'build: done in 3 steps' } ]",
      'elsewhere: 1 (deploy: step 1 of 2)',
      'elsewhere: 2 (deploy: step 2 of 2)',
      'weather tool: false',
      'weather tool: true',
      'status: closed',
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^heartbeat \d+$/));
  });
});
