import { renameSync } from 'node:fs';
import { buildSync } from 'esbuild';

// Packages of CommonJS ask for it, which a module does not have.
const banner = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** Bundles a program with its packages: it then starts with a quarter of the work. */
export function compile(program: string, outfile: string): void {
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
