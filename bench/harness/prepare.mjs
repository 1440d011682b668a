import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('..', import.meta.url));
const library = fileURLToPath(new URL('../..', import.meta.url));
const installed = `${bench}node_modules/rx-mcp`;
const withoutWire = `${installed}-without-wire`;
const wireModule = 'dist/esm/client/connection/wireEvent.js';

/** Runs npm. Prints its output only on failure. */
function npm(cwd, ...args) {
  const { status, stderr } = spawnSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: exited with ${status}\n${stderr}`);
}

/**
 * Installs missing peers, and builds the library into `node_modules`. The benchmark measures the built package, which shares RxJS
 * and the SDK with its peers, as in an application. A copy without the events of `wire$` shows their cost.
 */
export function prepare() {
  if (!existsSync(`${bench}node_modules/rxjs`)) npm(bench, 'ci');
  npm(library, 'run', 'build', '--silent', '--', '--configOut', `${installed}/dist`);
  cpSync(`${library}package.json`, `${installed}/package.json`);
  if (!existsSync(`${installed}/${wireModule}`)) throw new Error(`${wireModule}: not found in the built package`);
  rmSync(withoutWire, { recursive: true, force: true });
  cpSync(installed, withoutWire, { recursive: true });
  writeFileSync(`${withoutWire}/${wireModule}`, 'export class WireLog {\n  message() {}\n  event() {}\n}\n');
}
