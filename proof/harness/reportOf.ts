import type { Section } from '../sections';
import { countsOf } from './countsOf';
import type { Outcome } from './outcome';

const introduction = `# Proof

What this library does with servers and a test suite that nobody here wrote. Every row was run by \`npm run proof\`, which
wrote this page; nothing in it is a mock. A row is \`passed\`, \`failed\`, \`expected\` (known to fail, for the reason given) or
\`empty\` (there was nothing to check, which proves nothing).

- \`npm run proof\` runs it all; \`npm run proof -- NAME...\` the sections of these names.
- \`npm run proof -- --quick\` leaves out what takes long: \`nodes\`, \`types\`, the older release of the conformance suite, and
  waiting for what a server sends a second time.
- \`npm run proof -- --dist\` runs it against \`dist\` in place of \`lib\`; \`nodes\` and \`types\` build and pack the package anyway.

The first run installs what it needs from npm, by lock files of its own. The conformance suite needs a newer Node than the
client that it tests, and gets one from there too.`;

/** A page with every outcome, section by section. */
export function reportOf(sections: readonly Section[], outcomes: readonly Outcome[]): string {
  const parts = sections.map(({ name, about }) => {
    const rows = outcomes
      .filter(({ section }) => section === name)
      .map((outcome) => `| ${cell(outcome.name)} | ${outcome.verdict} | ${cell(outcome.detail)} |`)
      // They come in the order in which they happened to end.
      .sort();
    return [`## ${name}`, about, ['| case | outcome | seen |', '|---|---|---|', ...rows].join('\n')].join('\n\n');
  });
  return [introduction, ...parts, countsOf(outcomes)].join('\n\n') + '\n';
}

/** The first line, which no bar may break. */
function cell(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll('|', '\\|').trim();
}
