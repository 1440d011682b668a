import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = 'examples/testing';
const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, JEST_WORKER_ID: ___, ...env } = process.env;

/** Runs a program of an installed package. Rejects with its output if it fails. */
async function runTests(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [program, ...args], { env: { ...env, NO_COLOR: '1' } });
  return stdout + stderr;
}

describe('the kit in a test runner', () => {
  it('runs in node:test', async () => {
    expect(await runTests('--import', 'tsx', '--test', `${folder}/node.test.ts`)).toMatch(/# pass 1\n# fail 0/);
  }, 60_000);

  it('runs in Jest', async () => {
    const match = ['--testMatch', `**/${folder}/jest*.test.ts`];
    expect(await runTests('node_modules/jest/bin/jest.js', '-i', '--coverage=false', ...match)).toContain(
      '2 passed, 2 total',
    );
  }, 60_000);

  it('runs in Vitest', async () => {
    const program = 'node_modules/vitest/vitest.mjs';
    expect(await runTests(program, 'run', '--config', `${folder}/vitest.config.ts`)).toMatch(/Tests\s+2 passed/);
  }, 60_000);

  it.each(['node', 'jest', 'vitest'])('is shown on docs/testing.md as it runs: %s', (name) => {
    expect(readFileSync('docs/testing.md', 'utf8')).toContain(readFileSync(`${folder}/${name}.test.ts`, 'utf8'));
  });
});
