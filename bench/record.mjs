import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { latest } from './harness/latest.mjs';
import { markdown } from './harness/report.mjs';
import { rows } from './rows/rows.mjs';

/** Writes the last measurement of each row and the last profiles to results/baseline.json and into docs/performance.md. */
const { machine, rows: measured } = latest.read();
const names = Object.keys(rows).filter((name) => measured[name] && !measured[name].quick && measured[name].rounds >= 5);
if (names.length === 0) throw new Error('recording: no row was measured in at least five rounds');
const inOrder = Object.fromEntries(names.map((name) => [name, measured[name]]));
const missing = Object.keys(rows).filter((name) => !names.includes(name));
const rounds = Math.min(...names.map((name) => measured[name].rounds));
const profiles = JSON.parse(readFileSync(new URL('results/profiles/summary.json', import.meta.url), 'utf8'));
const baseline = { machine, rounds, rows: inOrder, missing, profiles };
const json = await format(JSON.stringify(baseline), { parser: 'json', printWidth: 120 });
writeFileSync(new URL('results/baseline.json', import.meta.url), json);

const page = new URL('../docs/performance.md', import.meta.url);
const text = readFileSync(page, 'utf8').replace(
  /(<!-- bench:(\w+) -->\n)[^]*?(<!-- \/bench -->)/g,
  (_, begin, name, end) => `${begin}${markdown[name](baseline)}\n${end}`,
);
writeFileSync(page, text);
