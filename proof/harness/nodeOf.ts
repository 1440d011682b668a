import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);

/** A Node of another version, as a program. */
export function nodeOf(version: 22 | 24): string {
  return join(dirname(resolve(`node-${version}/package.json`)), 'bin', 'node');
}
