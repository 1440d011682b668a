import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './directories';

/** The program of a Node version: the current one if it matches, otherwise the one installed from npm. */
export function nodeOf(version: 22 | 24): string {
  if (process.version.startsWith(`v${version}.`)) return process.execPath;
  const name = `node-${version}-${process.platform}-${process.arch}`;
  const program = join(rootDir, 'proof', 'node_modules', name, 'bin', 'node');
  if (!existsSync(program))
    throw new Error(
      `finding Node ${version}: not installed for ${process.platform} on ${process.arch} (run on Node ${version})`,
    );
  return program;
}
