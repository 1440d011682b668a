import { machine } from './harness/machine.mjs';
import { measureRow } from './harness/measureRow.mjs';
import { prepare } from './harness/prepare.mjs';
import { readOptions } from './harness/readOptions.mjs';
import { latest } from './harness/latest.mjs';
import { textOf } from './harness/textOf.mjs';
import { rows } from './rows/rows.mjs';

const { names, ...options } = readOptions();
prepare();
for (const name of names) {
  const measured = await measureRow(rows[name], options);
  latest.keep(name, { ...measured, ...options }, machine());
  console.log(textOf(name, measured));
}
