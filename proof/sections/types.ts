import { join } from 'node:path';
import { scratchDir } from '../harness/environment';
import type { ProofCase } from '../harness/proofCase';
import { compile, type CompileOptions, installFixture, pack, peers } from '../harness/package';
import { runCases } from '../harness/runCases';

// The types of the packed package, as a user compiles them.
const tarball = await pack();
const dir = scratchDir();

const projects: readonly Pick<CompileOptions, 'format' | 'moduleResolution'>[] = [
  { format: 'module', moduleResolution: 'bundler' },
  { format: 'module', moduleResolution: 'node16' },
  { format: 'commonjs', moduleResolution: 'node16' },
];
const cases: ProofCase[] = [];
for (const age of ['oldest', 'newest'] as const) {
  const fixture = await installFixture(age, tarball);
  for (const typescript of [5, 6] as const) {
    for (const project of projects) {
      const { format, moduleResolution } = project;
      cases.push({
        name: `TypeScript ${typescript}, ${moduleResolution}, ${format}, with ${peers[age]}`,
        seconds: 180,
        run: async () => {
          const compiled = join(dir, [age, typescript, format, moduleResolution].join('-'));
          await compile({ fixture, hasModern: age === 'newest', dir: compiled, typescript, ...project });
          return 'no error';
        },
      });
    }
  }
}

await runCases('types', cases, { atOnce: 2 });
