import { parseArgs } from 'node:util';
import { rows } from '../rows/rows.mjs';

/** What the command line says: which rows, how many rounds, and whether to hurry. */
export function readOptions() {
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
