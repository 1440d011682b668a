import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url))).version;

/** Where, and with what, this is measured. */
export function machine() {
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
