import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { markdown } from './harness/markdown.mjs';
import { rows } from './rows/rows.mjs';

/** Keeps the last full run, and the last profiles, as the baseline, and puts them into the documentation. */
const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const latest = read('results/latest.json');
const missing = Object.keys(rows).filter((name) => !(name in latest.rows));
if (latest.quick || latest.rounds < 5 || missing.length > 0) {
  throw new Error(`not a full run of five rounds or more; rows that are missing: ${missing.join(' ') || 'none'}`);
}
const baseline = { ...latest, profiles: read('results/profiles/summary.json') };
const json = await format(JSON.stringify(baseline), { parser: 'json', printWidth: 120 });
writeFileSync(new URL('results/baseline.json', import.meta.url), json);

const page = new URL('../docs/performance.md', import.meta.url);
const text = readFileSync(page, 'utf8').replace(
  /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g,
  (_, begin, name, end) => `${begin}${markdown[name](baseline)}\n${end}`,
);
writeFileSync(page, text);
