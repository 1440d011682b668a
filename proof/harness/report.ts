import type { Section } from '../sections';
import type { Outcome } from './judge';

const introduction = `# Proof

This library against servers and a test suite that others wrote. \`npm run proof\` ran every row and wrote this page; nothing
is mocked. A row is \`passed\`, \`failed\`, \`expected\` (a known failure, with its reason) or \`empty\` (nothing to check, which
proves nothing).

- \`npm run proof\` runs every section; \`npm run proof -- NAME...\` runs the named sections.
- \`npm run proof -- --quick\` skips the slow sections (\`nodes\`, \`types\`, \`frameworks\`), the older release of the conformance
  suite, and events that a server repeats.
- \`npm run proof -- --dist\` uses \`dist\` instead of \`lib\`; \`nodes\` and \`types\` always build and pack the package.

The first run installs the servers and suites from npm, by their own lock files. The conformance suite needs a newer Node than
the client under test, which is also installed from npm.`;

/** A page with every outcome, section by section. */
export function reportOf(sections: readonly Section[], outcomes: readonly Outcome[]): string {
  const parts = sections.map(({ name, about }) => {
    const rows = outcomes
      .filter(({ section }) => section === name)
      .map((outcome) => `| ${cell(outcome.name)} | ${outcome.verdict} | ${cell(outcome.detail)} |`)
      // Outcomes arrive in the order in which the cases ended.
      .sort();
    return [`## ${name}`, about, ['| case | outcome | seen |', '|---|---|---|', ...rows].join('\n')].join('\n\n');
  });
  return [introduction, ...parts, countsOf(outcomes)].join('\n\n') + '\n';
}

/** The first line of a text, escaped for a table cell. */
function cell(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll('|', '\\|').trim();
}

/** An outcome as text, with the whole error. */
export function lineOf({ section, name, verdict, detail }: Outcome): string {
  return `${verdict.padEnd(8)}  ${section}: ${name}${detail && `  (${detail})`}`;
}

/** The number of passed and failed cases. Expected and empty ones count as neither. */
export function countsOf(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome['verdict']): number => outcomes.filter((each) => each.verdict === verdict).length;
  return `${count('passed')} passed, ${count('failed')} failed`;
}
