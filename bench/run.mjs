import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { latest } from './harness/latest.mjs';
import { measureRow } from './harness/measure.mjs';
import { prepare } from './harness/prepare.mjs';
import { profileConnecting, profileReceiving } from './harness/profiles.mjs';
import { connectingText, profileText, textOf } from './harness/report.mjs';
import { rows } from './rows/rows.mjs';

const { names, isWhole, ...options } = readOptions();
prepare();
if (isWhole) latest.clear();
for (const name of names) {
  try {
    await (name === 'profile' ? profile() : measure(name));
  } catch (error) {
    // The other rows are measured nevertheless.
    console.error(`${name}: failed: ${error.message}\n`);
    process.exitCode = 1;
  }
}

async function measure(name) {
  const { needs } = rows[name];
  if (needs && spawnSync(needs, ['--version']).error) {
    console.log(`${name}: skipped, ${needs} is not installed\n`);
    return;
  }
  const measured = await measureRow(rows[name], options);
  latest.keep(name, { ...measured, quick: options.quick });
  console.log(textOf(name, measured));
}

async function profile() {
  const profiles = await profileReceiving();
  latest.keepProfiles({ profiles });
  console.log(profileText(profiles));
  const connecting = await profileConnecting();
  latest.keepProfiles({ connecting });
  console.log(connectingText(connecting));
}

/** The command line: rows, rounds, and whether to run quickly. */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, quick: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  const all = [...Object.keys(rows), 'profile'];
  const unknown = positionals.filter((name) => !all.includes(name));
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (unknown.length > 0) console.error(`benchmarking: unknown rows (${unknown.join(', ')})`);
  if (values.help || unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.log(`usage: npm run bench -- [--rounds N] [--quick] [ROW...]\nrows: ${all.join(' ')}`);
    process.exit(values.help ? 0 : 1);
  }
  const isWhole = positionals.length === 0 && !values.quick;
  return { names: positionals.length > 0 ? positionals : all, isWhole, rounds, quick: values.quick };
}
