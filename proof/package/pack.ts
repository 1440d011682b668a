import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from '../harness/rootDir';
import { scratchDir } from '../harness/scratchDir';
import { succeeded } from '../harness/succeeded';

/** Builds and packs the package in a directory of its own, and leaves `dist` alone. Returns the tarball's path. */
export async function pack(): Promise<string> {
  const dir = scratchDir();
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    if (existsSync(join(rootDir, file))) copyFileSync(join(rootDir, file), join(dir, file));
  }
  await succeeded('npm', ['run', 'build', '--silent', '--', '--configOut', join(dir, 'dist')], rootDir);
  await succeeded('npm', ['pack', '--silent'], dir);
  const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, string>;
  return join(dir, `${name!}-${version!}.tgz`);
}
