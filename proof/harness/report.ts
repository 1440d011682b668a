import type { Section } from '../sections';
import type { Outcome } from './proofCase';

const introduction = `# Proof

This page shows the results of running this library with servers and test suites by other authors. \`npm run proof\` runs every case and
writes this page. Nothing is mocked unless a section states otherwise. The outcome of a case is one of these:

- \`passed\` or \`failed\`.
- \`expected\`: a known failure, which is listed with its reason.
- \`empty\`: the case had nothing to check, and counts as neither passed nor failed.

Options:

- \`npm run proof -- NAME...\` runs the named sections. Without a name, all sections run.
- \`npm run proof -- --quick\` skips the slow sections (\`many-nodes\`, \`nodes\`, \`types\`, \`examples\`, \`frameworks\`), the older release of
  the conformance suite, and events that a server repeats. \`npm run proof -- --quick many-nodes\` runs its short cases.
- \`npm run proof -- --dist\` uses \`dist\` instead of \`lib\`. The sections \`nodes\` and \`types\` always build and pack the package.

The first run installs the servers and suites from npm with their lock files. The conformance suite needs a newer Node version than
the client under test, which the first run installs from npm as well.`;

/** Creates the report. Sections that ran are rendered from their outcomes, and the others are copied from the previous report. */
export function reportOf(sections: readonly Section[], outcomes: readonly Outcome[], previous: string): string {
  const parts = sections.map((section) => {
    const own = outcomes.filter((outcome) => outcome.section === section.name);
    return own.length > 0 ? partOf(section, own) : keptPart(section, previous);
  });
  return [introduction, ...parts].join('\n\n') + '\n';
}

function partOf({ name, about, columns }: Section, outcomes: readonly Outcome[]): string {
  const rows = outcomes
    .map((outcome) => `| ${cell(outcome.name)} | ${outcome.verdict} | ${cell(outcome.detail)} |`)
    // Outcomes arrive in the order in which cases end.
    .sort();
  const body = columns
    ? tableOf(outcomes, columns)
    : [['| case | outcome | observed |', '|---|---|---|', ...rows].join('\n')];
  return [`## ${name}`, about, `${countsOf(outcomes)}.`, ...body].join('\n\n');
}

function keptPart({ name, about }: Section, previous: string): string {
  const kept = previous.split(/^(?=## )/m).find((part) => part.startsWith(`## ${name}\n`));
  const [, , ...results] = kept?.trim().split('\n\n') ?? [];
  return [`## ${name}`, about, ...(results.length > 0 ? results : ['Not run yet.'])].join('\n\n');
}

/** Creates a table with a row per server and a column per capability, followed by the reasons for missing capabilities. */
function tableOf(outcomes: readonly Outcome[], columns: readonly string[]): string[] {
  const reasons: string[] = [];
  const numberOf = (reason: string): number => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return reasons.indexOf(reason) + 1;
  };
  const mark = (outcome: Outcome | undefined): string => {
    if (outcome === undefined) return '';
    if (outcome.verdict === 'passed') return '✓';
    const number = numberOf(cell(outcome.detail));
    return outcome.verdict === 'failed' ? `**failed** ${number}` : String(number);
  };
  const names = new Set(outcomes.filter(({ name }) => name.includes(': ')).map(({ name }) => name.split(': ')[0]!));
  const rows = [...names].map((row) => {
    const marks = columns.map((column) => mark(outcomes.find(({ name }) => name === `${row}: ${column}`)));
    return `| ${[row, ...marks].join(' | ')} |`;
  });
  const head = `| server | ${columns.join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`;
  return [[head, ...rows].join('\n'), reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')];
}

/** Returns the first line of a text, escaped for a table cell. */
function cell(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll('|', '\\|').trim();
}

/** Formats an outcome with the whole error. */
export function lineOf({ section, name, verdict, detail }: Outcome): string {
  return `${verdict.padEnd(8)}  ${section}: ${name}${detail && `  (${detail})`}`;
}

/** Formats the numbers of passed and failed cases. Expected and empty cases count as neither. */
export function countsOf(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome['verdict']): number => outcomes.filter((each) => each.verdict === verdict).length;
  return `${count('passed')} passed, ${count('failed')} failed`;
}
