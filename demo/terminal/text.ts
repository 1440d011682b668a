import { stripVTControlCharacters } from 'node:util';
import type { createColors } from 'picocolors';

/** Functions that colour text, or return it unchanged. */
export type Colors = ReturnType<typeof createColors>;

const maxLength = 160;

/**
 * Formats a peer's text for one line: removes line breaks and control codes, and truncates it to {@link maxLength} characters.
 */
export function oneLine(text: string): string {
  const line = stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line;
}

/** Formats an error as one line with its name and message, without secrets in URLs. */
export function describeError(error: unknown): string {
  return oneLine(withoutSecrets(String(error)));
}

/** Removes secrets from URLs: user names and passwords before an `@`, and queries, which may contain tokens. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/]*@/g, '//…@').replace(/(\w:\/\/[^\s?#]*)\?[^\s"']*/g, '$1?…');
}

/** The indentation of wrapped lines, as wide as the time. */
export const indent = ' '.repeat(10);

/** Wraps a line between words. Continuation lines are indented, and a word that is longer than a line is broken. */
export function wrap(line: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  // A space after a word separates it from the next; further spaces belong to the next word.
  for (const word of line.split(/(?<=\S) /).flatMap((text) => broken(text, width - indent.length))) {
    if (current === undefined) current = word;
    else if (widthOf(`${current} ${word}`) <= width) current = `${current} ${word}`;
    else {
      lines.push(current);
      current = indent + word.trimStart();
    }
  }
  return [...lines, current ?? ''];
}

/** Returns the number of columns of a text, without its colour codes. */
const widthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

/** Splits a word that is longer than a line and has no colours. */
function broken(word: string, width: number): string[] {
  if (widthOf(word) <= width || word !== stripVTControlCharacters(word)) return [word];
  return Array.from({ length: Math.ceil(word.length / width) }, (_, index) =>
    word.slice(index * width, (index + 1) * width),
  );
}
