import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rootDir } from './rootDir';
import { succeeded } from './succeeded';

/** Installs what a directory's lock file says, on first use and when that has changed since. */
export async function installed(dir: string): Promise<void> {
  const lock = join(dir, 'package-lock.json');
  const done = join(dir, 'node_modules', '.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`installing what ${relative(rootDir, dir)} needs, this once`);
  await succeeded('npm', ['ci', '--no-audit', '--no-fund'], dir);
}
