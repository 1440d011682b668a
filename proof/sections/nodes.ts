import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nodeOf, scratchDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { compile, installFixture, pack, peers } from '../harness/package';
import { runCases } from '../harness/runCases';
import { runProcess } from '../harness/processes';
import { programOf, startEverything } from '../servers/officialServer';

// Installs and runs the packed package, with a server as a child process and a server over HTTP.
const tarball = await pack();
const dir = scratchDir();
const server = await startEverything('streamableHttp');

const cases: ProofCase[] = [];
for (const [age, nodes] of [
  ['newest', [process.execPath, nodeOf(22), nodeOf(24)]],
  ['oldest', [process.execPath]],
] as const) {
  const fixture = await installFixture(age, tarball);
  for (const format of ['module', 'commonjs'] as const) {
    const compiled = join(dir, `${age}-${format}`);
    const program = await compile({
      fixture,
      hasModern: false,
      dir: compiled,
      typescript: 6,
      format,
      moduleResolution: 'node16',
    });
    for (const node of nodes) {
      const { output } = await runProcess(node, ['--version'], { cwd: dir, seconds: 20 });
      cases.push({
        name: `Node ${output.trim()}, ${format}, with ${peers[age]}`,
        seconds: 60,
        run: async () => {
          const args = [program, programOf('everything'), server.url];
          const run = await runProcess(node, args, { cwd: dir, seconds: 50 });
          assert.equal(run.code, 0, run.output);
          assert.match(run.output, /all is well/);
          return 'progress and results, over stdio and over HTTP';
        },
      });
    }
  }
}

await runCases('nodes', cases, { atOnce: 2, close: server.stop });
