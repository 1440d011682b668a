import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './program/compile';

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
