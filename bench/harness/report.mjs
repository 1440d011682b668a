import { serving } from '../rows/rows.mjs';

/** Formats a row for the terminal. */
export function textOf(name, { title, unit, variants, figures }) {
  const width = Math.max(...Object.keys(variants).map(({ length }) => length));
  const lines = Object.entries(variants).map(([variant, { median, min, max, cpu }]) => {
    const range = min === max ? '' : `  (${short(min)} to ${short(max)})`;
    const using = cpu === undefined ? '' : `  cpu ${short(cpu)} ms`;
    return `  ${variant.padEnd(width)}  ${short(median).padStart(8)} ${unit}${range}${using}`;
  });
  return [`${name}: ${title}`, ...lines, ...figures.map((figure) => `  ${verdictOn(figure)}`), ''].join('\n');
}

function verdictOn(figure) {
  const { of, to, value, cpu, isMet, stretch } = figure;
  const what = to === undefined ? of : `${of} / ${to}`;
  const using = cpu === undefined ? '' : `, cpu ${short(cpu)}`;
  const bound = boundOf(figure);
  const verdict = bound && `  ${bound}${stretch ? ' as a stretch' : ''}: ${isMet ? 'met' : 'MISSED'}`;
  return `= ${what}: ${short(value)}${using}${verdict}`;
}

/** Formats the bound of a figure. */
function boundOf({ atMost, atLeast, never }) {
  if (never) return 'never';
  if (atMost !== undefined) return `≤ ${short(atMost)}`;
  return atLeast === undefined ? '' : `≥ ${short(atLeast)}`;
}

/** Formats a number with three significant digits. */
function short(value) {
  if (value === null) return 'never';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function figureRow(row, title, unit, { of, to, value, cpu, isMet, stretch, ...bound }) {
  const limit = boundOf(bound);
  const measured = to === undefined && value !== null ? `${short(value)} ${unit}`.trim() : short(value);
  return [
    `\`${row}\``,
    title,
    to === undefined ? of : `${of} / ${to}`,
    stretch ? `${limit} (stretch)` : limit,
    isMet || !limit ? measured : `**${measured}**`,
    cpu === undefined ? '' : short(cpu),
  ];
}

/** Formats the figures of the rows whose names pass a test, and names the rows that were not measured. */
function figuresOf({ rows, missing }, test) {
  const measured = Object.entries(rows).filter(([name]) => test(name));
  const lines = measured.flatMap(([name, { title, unit, rounds, figures }]) => {
    const work = rounds === 1 ? `${title} (one round)` : title;
    return figures.map((figure, index) => figureRow(name, index === 0 ? work : '', unit, figure));
  });
  const notMeasured = missing.filter(test).map((name) => `\`${name}\``);
  const note = notMeasured.length > 0 ? `\n\nNot measured in this run: ${notMeasured.join(', ')}.` : '';
  return table(['row', 'work', 'figure', 'to beat', 'measured', 'by CPU time'], lines) + note;
}

/** Formats profiles for the terminal. */
export function profileText(profiles) {
  const lines = Object.entries(profiles).flatMap(([name, functions]) => [
    `\n${name}`,
    ...functions.map(({ label, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${label}`),
  ]);
  return ['profile', ...lines].join('\n');
}

/** Returns the rows of a table of times by origin, with a sum. The columns are the variants, in milliseconds per session. */
function connectingRows(connecting) {
  const columns = Object.values(connecting);
  const origins = [...new Set(columns.flatMap(Object.keys))];
  const total = (column) => Object.values(column).reduce((sum, time) => sum + time, 0);
  return [
    ...origins.map((origin) => [origin, ...columns.map((column) => (column[origin] ?? 0).toFixed(2))]),
    ['sum', ...columns.map((column) => total(column).toFixed(2))],
  ];
}

/** Formats times by origin for the terminal. */
export function connectingText(connecting) {
  const rows = [['connect, ms per session', ...Object.keys(connecting)], ...connectingRows(connecting)];
  const lines = rows.map(
    ([origin, ...times]) => `${origin.padEnd(48)}${times.map((time) => time.padStart(12)).join('')}`,
  );
  return `\n${lines.join('\n')}`;
}

/** The rows of the summary, and the peers that are its columns. */
const summaryRows = ['http', 'stdio', 'dropped', 'restarted', 'heap', 'connect', 'app', 'broadcast', 'idleSession'];
const summaryPeers = ['rx-mcp', 'raw SDK', 'SDK v2'];

/** Formats the median of a variant with its unit. */
const medianText = (median, unit) => (median === null ? 'never' : `${short(median)} ${unit}`.trim());

/** The generated parts of docs/performance.md, by the name of their place in the page. */
export const markdown = {
  machine({ machine, rows }) {
    const rounds = Math.max(...Object.values(rows).map((row) => row.rounds));
    const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
    return (
      `${machine.cpu}, ${machine.cores} cores, ${machine.memory}; ${machine.system}; Node ${machine.node}. ` +
      `${rounds} rounds, unless a row states one.\n${versions.join(', ')}.`
    );
  },
  summary: ({ rows }) =>
    table(
      ['work', ...summaryPeers],
      summaryRows
        .filter((name) => rows[name])
        .map((name) => [
          rows[name].title,
          ...summaryPeers.map((peer) => {
            const variant = rows[name].variants[peer];
            return variant ? medianText(variant.median, rows[name].unit) : '';
          }),
        ]),
    ),
  figures: (measurements) => figuresOf(measurements, (name) => !(name in serving)),
  serving: (measurements) => figuresOf(measurements, (name) => name in serving),
  values: ({ rows }) =>
    table(
      ['row', 'variant', 'median', 'from', 'to', 'CPU'],
      Object.entries(rows).flatMap(([name, { unit, variants }]) =>
        Object.entries(variants).map(([variant, { median, min, max, cpu }]) => [
          `\`${name}\``,
          variant,
          medianText(median, unit),
          short(min),
          short(max),
          cpu === undefined ? '' : `${short(cpu)} ms`,
        ]),
      ),
    ),
  size: ({ rows: { size } }) =>
    size
      ? table(
          ['import', 'size'],
          Object.entries(size.variants).map(([variant, { median }]) => [variant, `${short(median)} ${size.unit}`]),
        )
      : 'Not measured in this run.',
  connecting: ({ connecting }) =>
    connecting
      ? table(['origin', ...Object.keys(connecting)], connectingRows(connecting))
      : 'Not measured in this run.',
  profile: ({ profiles }) =>
    Object.entries(profiles ?? {})
      .map(([name, functions]) => {
        const rows = functions.map(({ label, share }) => [`${(share * 100).toFixed(1)} %`, `\`${label}\``]);
        return `**${name}**\n\n${table(['self time', 'function'], rows)}`;
      })
      .join('\n\n') || 'Not measured in this run.',
};
