import { buildSync } from 'esbuild';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the arguments for Node to run a TypeScript program, which is named from the root of the package. In a Jest run, the
 * program is bundled on first use into a temporary file. Otherwise, tsx runs it.
 */
export function programArgs(program: string): string[] {
  const directory = process.env['RX_MCP_PROGRAMS'];
  if (directory === undefined) return ['--import', 'tsx', program];
  const outfile = join(directory, program.replace(/\.ts$/, '.mjs'));
  if (!existsSync(outfile)) compile(program, outfile);
  return [outfile];
}

// CommonJS packages need `require`, which a module does not have.
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles a program with its packages, so that it starts four times as fast. */
function compile(program: string, outfile: string): void {
  // Renamed when complete, because two workers may compile at the same time.
  const draft = `${outfile}.${process.pid}`;
  buildSync({
    entryPoints: [program],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'error',
  });
  renameSync(draft, outfile);
}
