import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../harness/installed';
import { succeeded } from '../harness/succeeded';
import type { peers } from './peers';

/** Installs a packed package in the project that has these peers. Returns the project's directory. */
export async function installFixture(age: keyof typeof peers, tarball: string): Promise<string> {
  const dir = fileURLToPath(new URL(`../fixtures/${age}`, import.meta.url));
  await installed(dir);
  rmSync(join(dir, 'node_modules', 'rx-mcp'), { recursive: true, force: true });
  await succeeded('npm', ['install', '--no-save', '--no-audit', '--no-fund', tarball], dir);
  return dir;
}
