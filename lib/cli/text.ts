import { stripVTControlCharacters } from 'node:util';
import { isObject } from '../util/isObject';

/**
 * Formats text from a peer for a single line: removes escape sequences, and replaces line breaks and control
 * characters.
 */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * Removes control sequences from a peer's text, because they could move the cursor or change the terminal. Keeps line
 * breaks and tabs.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');
}

/** Truncates text to a number of columns. Truncated text ends with an ellipsis. */
export function truncate(text: string, columns: number): string {
  const letters = Array.from(text);
  return letters.length > columns ? `${letters.slice(0, Math.max(columns - 1, 0)).join('')}…` : text;
}

/** Wraps text between words. Words that are longer than a line are not broken. */
export function wrap(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > columns - indent.length) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}

/** Removes possible secrets from the URLs in a message: user names, passwords and queries. */
export function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^\s/]*@/g, '//…@').replace(/(\w:\/\/[^\s?#]*)\?[^\s"')]+/g, '$1?…');
}

/**
 * Formats the message of an error as one sentence. If it contains a JSON body, the body is replaced with the message in
 * it.
 */
export function sentence(message: string): string {
  const text = oneLine(withoutSecrets(message));
  const start = text.indexOf('{');
  const inner = start < 0 ? undefined : messageIn(text.slice(start));
  return inner === undefined ? text : `${text.slice(0, start)}${oneLine(inner)}`;
}

function messageIn(json: string): string | undefined {
  try {
    const body: unknown = JSON.parse(json);
    if (!isObject(body)) return undefined;
    const { message } = isObject(body['error']) ? body['error'] : body;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
