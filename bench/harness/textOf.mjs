import { boundOf } from './boundOf.mjs';
import { short } from './short.mjs';

/** A row, for the terminal. */
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
