import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const directory = new URL('../results/', import.meta.url);
const file = new URL('latest.json', directory);

/** What was measured last, row by row: the variants of a row are measured in one run, the rows need not be. */
export const latest = {
  read: () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: {} }),
  /** Puts a row in the place of what was measured of it before, at once, so that a run that is stopped loses no more than a row. */
  keep(name, row, machine) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, JSON.stringify({ machine, rows: { ...latest.read().rows, [name]: row } }, null, 2));
  },
};
