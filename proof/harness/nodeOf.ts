import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from './rootDir';

/** A Node of another version, as a program: this one, if it is of that version, or the one that npm has installed. */
export function nodeOf(version: 22 | 24): string {
  if (process.version.startsWith(`v${version}.`)) return process.execPath;
  const name = `node-${version}-${process.platform}-${process.arch}`;
  const program = join(rootDir, 'proof', 'node_modules', name, 'bin', 'node');
  if (!existsSync(program))
    throw new Error(`no Node ${version} for ${process.platform} on ${process.arch}: run this on Node ${version}`);
  return program;
}
