import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsFile, installed, isDist, isQuick, names, rootDir } from './harness/environment';
import type { Outcome } from './harness/proofCase';
import { countsOf, lineOf, reportOf } from './harness/report';
import { runSection } from './harness/runSection';
import { sections } from './sections';

// Runs the proof with third-party software. Each section runs in its own process and prints a line per case. The counts are
// printed last.
const proofDir = join(rootDir, 'proof');
const unknown = names.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) throw new Error(`proof: unknown section ${unknown.join(', ')}`);
if (isDist && !existsSync(join(rootDir, 'dist'))) throw new Error('proof: dist does not exist (run npm run build)');

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

const page = join(rootDir, 'docs', 'proof.md');
const isPartial = isQuick || isDist || process.env['FRAMEWORK'] !== undefined;
if (!isPartial) writeFileSync(page, reportOf(sections, outcomes, readFileSync(page, 'utf8')));
for (const verdict of ['expected', 'empty', 'failed'] as const) {
  const those = outcomes.filter((outcome) => outcome.verdict === verdict);
  if (those.length > 0) console.log(['', `${verdict}:`, ...those.map(lineOf)].join('\n'));
}
if (countsFile !== undefined) writeFileSync(countsFile, countsOf(outcomes) + '\n');
console.log(`\n${countsOf(outcomes)}`);
if (outcomes.length === 0 || outcomes.some(({ verdict }) => verdict === 'failed')) process.exitCode = 1;
