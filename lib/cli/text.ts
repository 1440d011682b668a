import { stripVTControlCharacters } from 'node:util';

/** Makes text of a peer fit for one line: without line breaks and control characters. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Removes what could move the cursor or change the terminal from text of a peer. Line breaks and tabs stay. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');
}

/** Cuts text to a number of columns, with an ellipsis where something was cut off. */
export function cut(text: string, columns: number): string {
  const letters = Array.from(text);
  return letters.length > columns ? `${letters.slice(0, Math.max(columns - 1, 0)).join('')}…` : text;
}

/** Wraps text between words. Words that are longer than a line stay whole. */
export function wrap(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns - indent.length) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}

/** Removes credentials that URLs in a message may contain: user names, passwords and queries. */
export function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/]*@/g, '//…@').replace(/(\w:\/\/[^\s?#]*)\?[^\s"')]*/g, '$1?…');
}
