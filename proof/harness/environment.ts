import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { succeeded } from './processes';

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

/** Installs the packages of a directory from its lock file, on first use and after each change of the lock file. */
export async function installed(dir: string): Promise<void> {
  const lock = join(dir, 'package-lock.json');
  const done = join(dir, 'node_modules', '.package-lock.json');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`installing the packages of ${relative(rootDir, dir)}, once`);
  await succeeded('npm', ['ci', '--no-audit', '--no-fund'], dir);
}

/** Returns the program of a Node version: the current one if it matches, otherwise the one installed from npm. */
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

const args = process.argv.slice(2);

/** Whether to skip slow sections and cases. */
export const isQuick = args.includes('--quick');

/** Whether to use the built package instead of its sources. */
export const isDist = args.includes('--dist');

/** File to write the counts to: `--counts=FILE`. */
export const countsFile = args.find((argument) => argument.startsWith('--counts='))?.slice('--counts='.length);

/** The sections to run. If empty, all sections run. */
export const names = args.filter((argument) => !argument.startsWith('--'));
