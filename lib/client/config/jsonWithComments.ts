/** A parsed JSON text that may contain comments and trailing commas. */
export interface JsonDocument {
  /** The parsed value. */
  value: unknown;
  /**
   * Returns the number of the line with the member at a path, from 1. If the member does not exist, returns the line of
   * its nearest existing parent.
   */
  lineOf(path: readonly string[]): number;
}

/** A text is not valid JSON. The message never quotes the text, which may contain secrets. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';

  constructor(
    reason: string,
    readonly line: number,
  ) {
    super(reason);
  }
}

/** The maximum depth of nesting. Limits recursion, so that a file cannot exhaust the stack. */
const maxDepth = 100;

const token = /[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|[{}[\]:,]|[\w.+-]+/y;

/**
 * Parses JSON as used in the configuration files of editors: comments, trailing commas and a byte order mark are
 * allowed.
 *
 * @throws {@link JsonSyntaxError} with the line of the first error.
 */
export function parseJsonWithComments(text: string): JsonDocument {
  const lines = new Map<string, number>();
  const tokens = tokensOf(text);
  let index = 0;

  const peek = (): Token => tokens[index] ?? { text: '', line: lineAt(text, text.length) };
  const fail = (expected: string): never => {
    const { text: found, line } = peek();
    throw new JsonSyntaxError(found === '' ? 'unexpected end of file' : `expected ${expected}`, line);
  };
  const take = (expected: string): void => {
    if (peek().text !== expected) fail(JSON.stringify(expected));
    index++;
  };
  const scalar = (expected: string): unknown => {
    try {
      return JSON.parse(peek().text);
    } catch {
      return fail(expected);
    } finally {
      index++;
    }
  };
  const key = (): string => {
    const name = peek().text.startsWith('"') ? scalar('a name in double quotes') : undefined;
    return typeof name === 'string' ? name : fail('a name in double quotes');
  };
  /** Reads the members up to the closing bracket. A trailing comma is allowed. */
  const members = (close: string, read: () => void): void => {
    index++;
    while (peek().text !== close) {
      read();
      if (peek().text === ',') index++;
      else if (peek().text !== close) fail(`"," or ${JSON.stringify(close)}`);
    }
    index++;
  };
  const read = (path: readonly string[]): unknown => {
    const { text: start, line } = peek();
    if (path.length > maxDepth) throw new JsonSyntaxError('nested too deeply', line);
    if (!lines.has(keyOf(path))) lines.set(keyOf(path), line);
    if (start === '{') {
      const entries: [string, unknown][] = [];
      members('}', () => {
        const { line: at } = peek();
        const name = key();
        lines.set(keyOf([...path, name]), at);
        take(':');
        entries.push([name, read([...path, name])]);
      });
      return Object.fromEntries(entries);
    }
    if (start === '[') {
      const items: unknown[] = [];
      members(']', () => items.push(read([...path, String(items.length)])));
      return items;
    }
    return scalar('a value');
  };

  const value = read([]);
  if (index < tokens.length) fail('the end of the file');
  return {
    value,
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return lines.get(keyOf([])) ?? 1;
    },
  };
}

interface Token {
  text: string;
  line: number;
}

/** Splits a text into tokens, without white space and comments. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const found = token.exec(text)?.[0];
    if (found === undefined) throw new JsonSyntaxError('unexpected character', line);
    if (!/^(?:[ \t\r\n\uFEFF]|\/[/*])/.test(found)) tokens.push({ text: found, line });
    line += found.split('\n').length - 1;
  }
  return tokens;
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
