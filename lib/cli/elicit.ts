import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { ElicitRequestFormParams, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { oneLine } from './text';

type Schema = ElicitRequestFormParams['requestedSchema'];
type Field = Schema['properties'][string];
type Value = string | number | boolean | string[];

/**
 * Prompts the user for the fields of an elicitation, one line per field. An empty line selects the default or skips an
 * optional field. Ctrl-D (the end of the input) and Ctrl-C cancel the elicitation. After Ctrl-C, `onInterrupt` is
 * called as well.
 */
export async function elicit(
  { message, requestedSchema }: Pick<ElicitRequestFormParams, 'message' | 'requestedSchema'>,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  onInterrupt: () => void,
): Promise<ElicitResult> {
  const prompt = createInterface({ input, output });
  // In raw mode, Ctrl-C is a key, not a signal to the process.
  prompt.once('SIGINT', () => {
    prompt.close();
    onInterrupt();
  });
  const closed = once(prompt, 'close').then(() => undefined);
  // On a terminal, Ctrl-D and Ctrl-C reject `question` without moving the cursor to the next line.
  const endLine = (): undefined => void output.write('\n');
  const ask = (question: string): Promise<string | undefined> =>
    Promise.race([prompt.question(question).catch(endLine), closed]);
  try {
    output.write(`? ${oneLine(message)}\n`);
    const content: Record<string, Value> = {};
    for (const [name, field] of Object.entries(requestedSchema.properties)) {
      const isRequired = requestedSchema.required?.includes(name) ?? false;
      const value = await askField(questionOf(name, field, isRequired), field, isRequired, ask, output);
      if (value === null) return { action: 'cancel' };
      if (value !== undefined) content[name] = value;
    }
    if (Object.keys(requestedSchema.properties).length > 0) return { action: 'accept', content };
    const answer = await ask('  accept? (yes/no): ');
    return answer === undefined ? { action: 'cancel' } : { action: parseBoolean(answer) ? 'accept' : 'decline' };
  } finally {
    prompt.close();
  }
}

/**
 * Prompts until the answer is valid. Resolves with `undefined` if the user skips the field, and with `null` if the
 * input has ended.
 */
async function askField(
  question: string,
  field: Field,
  isRequired: boolean,
  ask: (question: string) => Promise<string | undefined>,
  output: NodeJS.WritableStream,
): Promise<Value | undefined | null> {
  for (;;) {
    const answer = (await ask(question))?.trim();
    if (answer === undefined) return null;
    if (answer === '' && field.default !== undefined) return field.default;
    if (answer === '' && !isRequired) return undefined;
    const value = answer === '' ? undefined : parse(answer, field);
    if (value !== undefined) return value;
    output.write(`  expected ${expectedOf(field)}\n`);
  }
}

function questionOf(name: string, field: Field, isRequired: boolean): string {
  const description = field.description === undefined ? '' : ` - ${oneLine(field.description)}`;
  const fallback = field.default === undefined ? '' : ` [${oneLine(String(field.default))}]`;
  const optional = isRequired || field.default !== undefined ? '' : ', optional';
  return `  ${oneLine(field.title ?? name)}${description} (${expectedOf(field)}${optional})${fallback}: `;
}

function expectedOf(field: Field): string {
  const choices = choicesOf(field);
  if (field.type === 'array') return `${choices.join(', ')}; several with commas`;
  if (choices.length > 0) return choices.join(', ');
  if (field.type === 'boolean') return 'yes/no';
  return field.type === 'integer' ? 'whole number' : field.type === 'number' ? 'number' : 'text';
}

/** Returns the allowed values of a field, or an empty array if any value is allowed. */
function choicesOf(field: Field): string[] {
  const source = 'items' in field ? field.items : field;
  if ('enum' in source) return source.enum;
  if ('oneOf' in source) return source.oneOf.map((choice) => choice.const);
  if ('anyOf' in source) return source.anyOf.map((choice) => choice.const);
  return [];
}

function parse(answer: string, field: Field): Value | undefined {
  const choices = choicesOf(field);
  switch (field.type) {
    case 'boolean':
      return parseBoolean(answer);
    case 'number':
    case 'integer': {
      const number = Number(answer);
      const isOfType = field.type === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
      const isInRange = number >= (field.minimum ?? -Infinity) && number <= (field.maximum ?? Infinity);
      return isOfType && isInRange ? number : undefined;
    }
    case 'array': {
      const values = answer.split(',').map((value) => value.trim());
      return values.every((value) => choices.includes(value)) ? values : undefined;
    }
    default:
      return choices.length === 0 || choices.includes(answer) ? answer : undefined;
  }
}

function parseBoolean(answer: string): boolean | undefined {
  if (/^(y|yes|true)$/i.test(answer)) return true;
  return /^(n|no|false)$/i.test(answer) ? false : undefined;
}
