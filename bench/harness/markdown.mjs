import { boundOf, short } from './textOf.mjs';

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function figureRow(row, title, { of, to, value, cpu, isMet, stretch, ...bound }) {
  const limit = boundOf(bound);
  return [
    `\`${row}\``,
    title,
    to === undefined ? of : `${of} / ${to}`,
    stretch ? `${limit} (stretch)` : limit,
    isMet || !limit ? short(value) : `**${short(value)}**`,
    cpu === undefined ? '' : short(cpu),
  ];
}

/** What docs/performance.md shows of a run, by the name of its place in the page. */
export const markdown = {
  machine: ({ machine, rounds }) =>
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory}; ${machine.system}; Node ${machine.node}. ${rounds} rounds.\n` +
    Object.entries(machine.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ') +
    '.',
  figures: ({ rows, missing }) =>
    table(
      ['row', 'work', 'figure', 'to beat', 'measured', 'by CPU time'],
      Object.entries(rows).flatMap(([name, { title, figures }]) =>
        figures.map((figure, index) => figureRow(name, index === 0 ? title : '', figure)),
      ),
    ) + (missing.length > 0 ? `\n\nNot measured in this run: ${missing.map((name) => `\`${name}\``).join(', ')}.` : ''),
  values: ({ rows }) =>
    table(
      ['row', 'variant', 'median', 'from', 'to', 'CPU'],
      Object.entries(rows).flatMap(([name, { unit, variants }]) =>
        Object.entries(variants).map(([variant, { median, min, max, cpu }]) => [
          `\`${name}\``,
          variant,
          `${short(median)} ${unit}`.trim(),
          short(min),
          short(max),
          cpu === undefined ? '' : `${short(cpu)} ms`,
        ]),
      ),
    ),
  profile: ({ profiles }) =>
    Object.entries(profiles)
      .map(([name, functions]) => {
        const rows = functions.map(({ label, share }) => [`${(share * 100).toFixed(1)} %`, `\`${label}\``]);
        return `**${name}**\n\n${table(['self time', 'function'], rows)}`;
      })
      .join('\n\n'),
};
