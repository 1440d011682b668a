import { mkdirSync, writeFileSync } from 'node:fs';
import { machine } from './harness/machine.mjs';
import { measureRow } from './harness/measureRow.mjs';
import { prepare } from './harness/prepare.mjs';
import { readOptions } from './harness/readOptions.mjs';
import { textOf } from './harness/textOf.mjs';
import { rows } from './rows/rows.mjs';

const { names, ...options } = readOptions();
prepare();
const results = { ...options, machine: machine(), rows: {} };
for (const name of names) {
  results.rows[name] = await measureRow(rows[name], options);
  console.log(textOf(name, results.rows[name]));
}
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(new URL('results/latest.json', import.meta.url), JSON.stringify(results, null, 2));
