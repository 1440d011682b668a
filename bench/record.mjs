import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { latest } from './harness/latest.mjs';
import { markdown } from './harness/report.mjs';
import { rows } from './rows/rows.mjs';

/** Writes the last measurement of each row and the last profiles to results/baseline.json and into docs/performance.md. */
const minRounds = 5;
const { machine, rows: measured, profiles, connecting } = latest.read();

/** Whether a row was measured completely. A row that declares fewer rounds needs no more than these. */
const isComplete = (name) =>
  measured[name] &&
  !measured[name].quick &&
  measured[name].rounds >= Math.min(minRounds, rows[name].rounds ?? Infinity);

const names = Object.keys(rows).filter(isComplete);
if (names.length === 0) throw new Error(`recording: no row was measured in at least ${minRounds} rounds`);
const inOrder = Object.fromEntries(names.map((name) => [name, measured[name]]));
const missing = Object.keys(rows).filter((name) => !names.includes(name));
const measurements = { machine, rows: inOrder, missing, profiles, connecting };
const json = await format(JSON.stringify(measurements), {
  parser: 'json',
  printWidth: 120,
});
writeFileSync(new URL('results/baseline.json', import.meta.url), json);

const page = new URL('../docs/performance.md', import.meta.url);
const text = readFileSync(page, 'utf8').replace(
  /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g,
  (_, begin, name, end) => `${begin}${markdown[name](measurements)}\n${end}`,
);
writeFileSync(page, text);
console.log(`recorded ${names.length} rows${missing.length > 0 ? `; not measured: ${missing.join(', ')}` : ''}`);
