import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsOf } from './harness/countsOf';
import { installed } from './harness/installed';
import { lineOf } from './harness/lineOf';
import { countsFile, isDist, isQuick, names } from './harness/options';
import type { Outcome } from './harness/outcome';
import { reportOf } from './harness/reportOf';
import { rootDir } from './harness/rootDir';
import { runSection } from './harness/runSection';
import { sections } from './sections';

// Proof against what nobody here wrote: each section in a process of its own, a line a case, the counts last.
const proofDir = join(rootDir, 'proof');
const unknown = names.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) throw new Error(`no such section: ${unknown.join(', ')}`);
if (isDist && !existsSync(join(rootDir, 'dist'))) throw new Error('there is no dist: npm run build');

const chosen = sections.filter(({ name, slow }) => (names.length > 0 ? names.includes(name) : !(isQuick && slow)));
const env = { ...process.env };
if (isDist) env['TSX_TSCONFIG_PATH'] = join(proofDir, 'tsconfig.dist.json');

await installed(proofDir);
const outcomes: Outcome[] = [];
for (const { name, seconds } of chosen) {
  const args = isQuick ? ['--quick'] : [];
  outcomes.push(
    ...(await runSection(name, { args, env, seconds, onOutcome: (outcome) => console.log(lineOf(outcome)) })),
  );
}

const isWhole = chosen.length === sections.length && !isQuick && !isDist;
if (isWhole) writeFileSync(join(rootDir, 'docs', 'proof.md'), reportOf(sections, outcomes));
for (const verdict of ['expected', 'empty', 'failed'] as const) {
  const those = outcomes.filter((outcome) => outcome.verdict === verdict);
  if (those.length > 0) console.log(['', `${verdict}:`, ...those.map(lineOf)].join('\n'));
}
if (countsFile !== undefined) writeFileSync(countsFile, countsOf(outcomes) + '\n');
console.log(`\n${countsOf(outcomes)}`);
if (outcomes.length === 0 || outcomes.some(({ verdict }) => verdict === 'failed')) process.exitCode = 1;
