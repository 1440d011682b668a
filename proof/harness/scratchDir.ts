import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dirs = new Set<string>();

/** A new empty directory, which is there until this process ends. */
export function scratchDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'rx-mcp-proof-'));
  dirs.add(dir);
  return dir;
}

process.on('exit', () => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});
