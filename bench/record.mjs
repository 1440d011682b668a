import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { latest } from './harness/latest.mjs';
import { markdown } from './harness/markdown.mjs';
import { rows } from './rows/rows.mjs';

/** Keeps what was measured last of each row, and the last profiles, as the baseline, and puts them into the documentation. */
const { machine, rows: measured } = latest.read();
const rounds = Math.min(...Object.values(measured).map((row) => row.rounds));
const missing = Object.keys(rows).filter((name) => !measured[name] || measured[name].quick);
if (rounds < 5 || missing.length > 0) {
  throw new Error(`not all rows have five rounds in full; those that are missing: ${missing.join(' ') || 'none'}`);
}
const inOrder = Object.fromEntries(Object.keys(rows).map((name) => [name, measured[name]]));
const profiles = JSON.parse(readFileSync(new URL('results/profiles/summary.json', import.meta.url), 'utf8'));
const baseline = { machine, rounds, rows: inOrder, profiles };
const json = await format(JSON.stringify(baseline), { parser: 'json', printWidth: 120 });
writeFileSync(new URL('results/baseline.json', import.meta.url), json);

const page = new URL('../docs/performance.md', import.meta.url);
const text = readFileSync(page, 'utf8').replace(
  /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g,
  (_, begin, name, end) => `${begin}${markdown[name](baseline)}\n${end}`,
);
writeFileSync(page, text);
