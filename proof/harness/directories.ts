import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root directory of the project. */
export const rootDir = fileURLToPath(new URL('../..', import.meta.url));

const dirs = new Set<string>();

/** Creates an empty directory, which is removed when this process exits. */
export function scratchDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rx-mcp-proof-'));
  dirs.add(dir);
  return dir;
}

process.on('exit', () => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});
