/** A row as text for the terminal. */
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

/** The bound of a figure, as text. */
export function boundOf({ atMost, atLeast, never }) {
  if (never) return 'never';
  if (atMost !== undefined) return `≤ ${short(atMost)}`;
  return atLeast === undefined ? '' : `≥ ${short(atLeast)}`;
}

/** A number with three significant digits. */
export function short(value) {
  if (value === null) return 'never';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
