import type { Tool } from '../protocol/types';
import { isObject } from '../util/isObject';

/**
 * Describes the arguments that were passed as text although the schema of the tool expects another type, for example
 * `a:=1 passes a number`. Returns `undefined` if there are none.
 */
export function describeTextArguments(
  { inputSchema }: Pick<Tool, 'inputSchema'>,
  args: Readonly<Record<string, unknown>>,
): string | undefined {
  const properties = inputSchema.properties ?? {};
  const described = Object.entries(args).flatMap(([name, value]) => {
    const schema: unknown = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const type = typeof value === 'string' ? typeOfJson(value) : undefined;
    if (type === undefined || !isObject(schema) || !expects(schema['type'], type)) return [];
    return `${name}:=${String(value)} passes ${type === 'array' || type === 'object' ? 'an' : 'a'} ${type}`;
  });
  return described.length > 0 ? described.join(', ') : undefined;
}

/** Whether a schema with this `type` accepts JSON of the other type, but not text. */
function expects(type: unknown, given: string): boolean {
  const types = [type].flat();
  const isExpected = types.includes(given) || (given === 'number' && types.includes('integer'));
  return isExpected && !types.includes('string');
}

/** Returns the type of the JSON value that a text contains. Returns `undefined` for a string and for other text. */
function typeOfJson(text: string): 'number' | 'boolean' | 'array' | 'object' | undefined {
  const value = parse(text);
  if (Array.isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
