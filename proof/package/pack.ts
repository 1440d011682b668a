import { copyFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootDir } from '../harness/rootDir';
import { succeeded } from '../harness/succeeded';

/** A packed package. */
export interface Packed {
  /** The directory that it was made in, for whoever is done with it to remove. */
  readonly dir: string;
  readonly tarball: string;
}

/** Builds and packs the package in a directory of its own, and leaves `dist` alone. */
export async function pack(): Promise<Packed> {
  const dir = mkdtempSync(join(tmpdir(), 'rx-mcp-proof-'));
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE']) {
    if (existsSync(join(rootDir, file))) copyFileSync(join(rootDir, file), join(dir, file));
  }
  await succeeded('npm', ['run', 'build', '--silent', '--', '--configOut', join(dir, 'dist')], rootDir);
  await succeeded('npm', ['pack', '--silent'], dir);
  const { name, version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Record<string, string>;
  return { dir, tarball: join(dir, `${name!}-${version!}.tgz`) };
}
