import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

const directory = new URL('../results/', import.meta.url);
const file = new URL('latest.json', directory);

/**
 * Stores the last measurement of each row, and the last profiles. The variants of a row are always measured in the same run, but
 * different rows may be from different runs.
 */
export const latest = {
  read: () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: {} }),
  /** Replaces a row on disk immediately, so that an interrupted run loses only one row. */
  keep(name, row) {
    const { rows, ...profiles } = latest.read();
    write({ ...profiles, machine: machine(), rows: { ...rows, [name]: row } });
  },
  /** Stores `profiles` (top functions) or `connecting` (times by origin). */
  keepProfiles: (profiles) => write({ ...latest.read(), ...profiles }),
  /** Discards all measurements, before a run of every row. */
  clear: () => rmSync(file, { force: true }),
};

function write(measurements) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, JSON.stringify(measurements, null, 2));
}

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url))).version;

/** Describes the machine and the versions of the packages. */
function machine() {
  const packages = ['rxjs', 'zod', 'eventsource-parser', '@modelcontextprotocol/sdk', '@modelcontextprotocol/client'];
  return {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    loadBefore: loadavg()[0],
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}
