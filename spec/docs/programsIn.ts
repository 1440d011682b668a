import { readFileSync } from 'node:fs';
import { quotesIn } from './quotesIn';

/** A program on a page. */
export interface PageProgram {
  /** The page. */
  readonly file: string;
  /** The line on which its first block begins, from 1. */
  readonly line: number;
  /** Its text, in which each line has the same number as on the page. */
  readonly text: string;
}

/**
 * Returns the programs in the `ts` blocks of a page. A block with an import starts a program, and a block without one continues
 * the previous program. Files that a page quotes are not included.
 */
export function programsIn(file: string, page = readFileSync(file, 'utf8')): PageProgram[] {
  const lines = page.split('\n');
  const programs: { line: number; lines: string[] }[] = [];
  const shown = new Set(quotesIn(file, page).map(({ line }) => line - 2));
  const next = (from: number): number => lines.findIndex((text, i) => i >= from && text === '```ts' && !shown.has(i));
  let at = next(0);
  while (at >= 0) {
    const end = lines.indexOf('```', at);
    const block = lines.slice(at + 1, end);
    if (programs.length === 0 || block.some((text) => text.startsWith('import '))) {
      programs.push({ line: at + 2, lines: lines.map(() => '') });
    }
    programs.at(-1)!.lines.splice(at + 1, block.length, ...block);
    at = next(end);
  }
  return programs.map(({ line, lines: own }) => ({ file, line, text: own.join('\n') }));
}
