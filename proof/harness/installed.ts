import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rootDir } from './directories';
import { succeeded } from './runProcess';

/** Installs a directory by its lock file, on first use and whenever the lock file changed. */
export async function installed(dir: string): Promise<void> {
  const lock = join(dir, 'package-lock.json');
  const done = join(dir, 'node_modules', '.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`installing the packages of ${relative(rootDir, dir)}, once`);
  await succeeded('npm', ['ci', '--no-audit', '--no-fund'], dir);
}
