import { buildSync } from 'esbuild';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What to give to Node to run a program in TypeScript, named from the root of the package: in a run of Jest a
 * bundle, which is made when it is first asked for and gone after the run; elsewhere the program itself, by tsx.
 */
export function programArgs(program: string): string[] {
  const directory = process.env['RX_MCP_PROGRAMS'];
  if (directory === undefined) return ['--import', 'tsx', program];
  const outfile = join(directory, program.replace(/\.ts$/, '.mjs'));
  if (!existsSync(outfile)) compile(program, outfile);
  return [outfile];
}

// Packages of CommonJS ask for it, which a module does not have.
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles a program with its packages: it then starts with a quarter of the work. */
function compile(program: string, outfile: string): void {
  // Whoever finds the file finds all of it, also when two workers compile at once.
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
