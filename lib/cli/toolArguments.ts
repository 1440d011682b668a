import { isObject } from '../util/isObject';
import { UsageError } from './usageError';

/**
 * Parses the arguments for a tool: `key=text`, `key:=json`, a JSON object, or `-` for a JSON object from standard
 * input. Later arguments override earlier ones. Rejects with a {@link UsageError} that contains the invalid argument.
 */
export async function parseToolArguments(
  words: readonly string[],
  input: AsyncIterable<Buffer | string>,
): Promise<Record<string, unknown>> {
  const all: Record<string, unknown>[] = [];
  for (const word of words) {
    if (word === '-') all.push(parseObject(await readAll(input), 'standard input'));
    else if (word.startsWith('{')) all.push(parseObject(word, 'argument'));
    else all.push(parsePair(word));
  }
  return Object.fromEntries(all.flatMap((given) => Object.entries(given)));
}

function parsePair(word: string): Record<string, unknown> {
  const [, key = '', separator, value = ''] = /^([^=:]+)(:?=)(.*)$/s.exec(word) ?? [];
  if (key === '') {
    throw new UsageError(`argument ${JSON.stringify(word)}: expected key=text, key:=json, a JSON object, or -`);
  }
  return Object.fromEntries([[key, separator === ':=' ? parseJson(value, `argument ${JSON.stringify(key)}`) : value]]);
}

function parseObject(text: string, label: string): Record<string, unknown> {
  const value = parseJson(text, label);
  if (!isObject(value)) throw new UsageError(`${label}: expected a JSON object`);
  return value;
}

/** Parses JSON. The error of the platform is dropped, because it quotes the text, which may contain secrets. */
function parseJson(text: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${label}: not valid JSON`);
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
