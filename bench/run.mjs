import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { latest } from './harness/latest.mjs';
import { measureRow } from './harness/measure.mjs';
import { prepare } from './harness/prepare.mjs';
import { textOf } from './harness/report.mjs';
import { rows } from './rows/rows.mjs';

const { names, ...options } = readOptions();
prepare();
for (const name of names) {
  const { needs } = rows[name];
  if (needs && spawnSync(needs, ['--version']).error) {
    console.log(`${name}: skipped, ${needs} is not installed`);
    continue;
  }
  const measured = await measureRow(rows[name], options);
  latest.keep(name, { ...measured, ...options });
  console.log(textOf(name, measured));
}

/** The command line: rows, rounds, and whether to run quickly. */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, quick: { type: 'boolean', default: false } },
  });
  const unknown = positionals.filter((name) => !(name in rows));
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`usage: npm run bench -- [--rounds N] [--quick] [ROW...]\nrows: ${Object.keys(rows).join(' ')}`);
  }
  return { names: positionals.length > 0 ? positionals : Object.keys(rows), rounds, quick: values.quick };
}
