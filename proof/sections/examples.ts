import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installed, rootDir } from '../harness/environment';
import { NothingChecked, type ProofCase } from '../harness/proofCase';
import { pack } from '../harness/package';
import { runProcess, succeeded } from '../harness/processes';
import { runCases } from '../harness/runCases';

// The packages in examples/packages, with the packed package: each compiles, and its own tests pass.
const dir = join(rootDir, 'examples', 'packages');
await installed(dir);
const tarball = await pack();
rmSync(join(dir, 'node_modules', 'rx-mcp'), { recursive: true, force: true });
await succeeded('npm', ['install', '--no-save', '--no-audit', '--no-fund', tarball], dir);

const names = readdirSync(dir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);
const cases = names.map((name): ProofCase => ({
  name,
  seconds: 120,
  async run() {
    const options = { cwd: join(dir, name), env: { ...process.env, NO_COLOR: '1' }, seconds: 110 };
    const { code, output } = await runProcess('npm', ['test', '--silent'], options);
    if (code !== 0) throw new Error(output);
    const [, count] = /Tests +(\d+) passed/.exec(output) ?? [];
    if (count === undefined) throw new NothingChecked(output);
    return `compiles; ${count} tests`;
  },
}));

await runCases('examples', cases, { atOnce: 2 });
