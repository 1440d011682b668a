import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('..', import.meta.url));
const library = fileURLToPath(new URL('../..', import.meta.url));
const installed = `${bench}node_modules/rx-mcp`;

/** Says nothing unless it fails. */
function npm(cwd, ...args) {
  const { status, stderr } = spawnSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}\n${stderr}`);
}

/**
 * Installs the peers when they are missing, and builds the library to where an installed package stands: it is measured as
 * built, and has RxJS and the SDK in common with everything else, as in a project of its own.
 */
export function prepare() {
  if (!existsSync(`${bench}node_modules/rxjs`)) npm(bench, 'ci');
  npm(library, 'run', 'build', '--silent', '--', '--configOut', `${installed}/dist`);
  cpSync(`${library}package.json`, `${installed}/package.json`);
}
