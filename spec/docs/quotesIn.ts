import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file that a page shows: a link to it stands alone on the line above the block. */
export interface PageQuote {
  /** The page. */
  readonly file: string;
  /** The line on which the block begins, from 1. */
  readonly line: number;
  /** The path of the file that it shows. */
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

/** The files that a page shows. */
export function quotesIn(file: string, page = readFileSync(file, 'utf8')): PageQuote[] {
  const quotes = page.matchAll(/^\[`[^`]+`\]\((\S+)\):\n\n```(\w+)\n([^]*?)^```$/gm);
  return [...quotes].map(({ index, 1: target = '', 2: language = '', 3: text = '' }) => ({
    file,
    line: page.slice(0, index).split('\n').length + 3,
    path: normalize(join(dirname(file), target)),
    language,
    text,
  }));
}
