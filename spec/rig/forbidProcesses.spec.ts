import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const actions: Record<string, string> = {
  'starts a process': "require('node:child_process').spawn(process.execPath, ['--version'])",
  'starts a process synchronously': "require('node:child_process').execFileSync(process.execPath, ['--version'])",
  'forks a process': "require('node:child_process').fork('none.js')",
  'connects a socket': "require('node:net').connect(1, '127.0.0.1')",
  'listens on a port': "require('node:http').createServer().listen(0, '127.0.0.1')",
  fetches: "await fetch('http://127.0.0.1:65535').catch(({ cause }) => { throw cause; })",
  'does nothing': '',
};

describe('the guard of quick specs', () => {
  it('fails each quick spec that starts a process or opens a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quick-'));
    try {
      const specs = Object.entries(actions).map(([title, code]) => `it('${title}', async () => { ${code} });`);
      writeFileSync(join(folder, 'quick.spec.js'), specs.join('\n'));
      const config = {
        rootDir: resolve('.'),
        roots: [folder],
        testMatch: [`${folder}/*.spec.js`],
        transform: { '\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json' }] },
        setupFiles: ['<rootDir>/spec/rig/program/forbidProcesses.ts'],
      };

      const { testResults } = await runJest(['--config', JSON.stringify(config), '--json', '-i']);

      const [{ assertionResults } = { assertionResults: [] }] = testResults;
      const passed = assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title);
      const messages = assertionResults.flatMap(({ failureMessages }) => failureMessages);
      expect(assertionResults).toHaveLength(Object.keys(actions).length);
      expect(passed).toEqual(['does nothing']);
      for (const message of messages) expect(message).toContain('quick specs start no process and open no socket');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface JestResult {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
}

/** Runs Jest in a process of its own. It exits with 1, because specs fail. */
function runJest(args: string[]): Promise<JestResult> {
  return new Promise((done, fail) => {
    execFile(process.execPath, ['node_modules/jest/bin/jest.js', ...args], (_error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as JestResult);
      } catch {
        fail(new Error(stderr));
      }
    });
  });
}
