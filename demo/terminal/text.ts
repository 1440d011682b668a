import { stripVTControlCharacters } from 'node:util';

const longest = 160;

/** What others wrote, made fit to stand in a line of ours: no line breaks, no control codes, not too long. */
export function oneLine(text: string): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
