import { format, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';
import type { Issue } from '../../errors';
import { isObject } from '../../util/isObject';
import { matchSteps, maxMatchLength } from './matchSteps';

/**
 * Validates a value, and returns its issues. Returns an empty array if the value is valid. Throws if the schema cannot
 * be used.
 */
export type JsonSchemaValidator = (value: unknown) => Issue[];

/** The maximum size of a schema, in objects and values. */
const maxNodes = 20_000;

/**
 * The maximum number of steps for validating one result: a base, an addition for each value in the result, and a total.
 * Applying one object or value of the schema is one step.
 */
const baseSteps = 20_000;
const stepsPerValue = 500;
const maxSteps = 500_000;

/** The number of steps of a regular expression that take as long as one step. */
const matchStepsPerStep = 1_000;

/** The lengths by which strings are grouped to estimate the steps for matching them, in characters. */
const lengthGroups = [16, 32, 64, 128, 256, 1_024, 4_096];

/** The maximum length of a string to check the `format` of, in characters. */
const maxFormatLength = 2_048;

/**
 * The maximum length of an array to check for duplicates. Limited, because each item is compared with every other item.
 */
const maxUniqueItems = 1_000;

/**
 * Keywords whose value is data, and keywords whose value is a map of schemas. In all other keywords, objects and arrays
 * contain schemas.
 */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired']);
const mapKeywords = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);

/**
 * Keywords that apply other schemas. Their errors are dropped, because they only repeat the errors of the applied
 * schemas.
 */
const applicators = new Set(
  ['$ref', '$recursiveRef', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'properties', 'patternProperties'].concat(
    ['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'dependentSchemas', 'dependencies'],
    ['prefixItems', 'items', 'additionalItems', 'unevaluatedItems'],
  ),
);

/**
 * Compiles a schema from a server. Uses the dialect in its `$schema`, by default 2020-12. Bounded: accepts strings for
 * which matching a pattern may take too long, and throws if a value requires too many steps. Accepts unknown formats.
 *
 * The time limit is an estimate, because a match cannot be interrupted, and a step takes longer on a slower machine.
 *
 * Uses `@cfworker/json-schema`, which does not need `eval`, does not log, and supports all dialects.
 */
export function createJsonSchemaValidator(schema: Record<string, unknown>): JsonSchemaValidator {
  let nodes = 0;
  let remaining = Infinity;
  const namePatterns: string[] = [];
  const validator = new Validator(copy(schema), draftOf(schema['$schema']));

  function count(): void {
    if (++nodes > maxNodes) throw new Error(`the schema has more than ${maxNodes} values`);
  }

  function step(weight: number): void {
    remaining -= weight;
    if (remaining < 0) throw new Error('validation takes too many steps');
  }

  /** Copies a schema and adds the limits. A copy, because `@cfworker/json-schema` modifies the schema. */
  function copy(given: Record<string, unknown>): Schema {
    count();
    const { pattern, format: formatName, uniqueItems, type, ...others } = given;
    const copied: Schema = {};
    let weight = 1;
    for (const [keyword, value] of Object.entries(others)) {
      weight += dataKeywords.has(keyword) ? countAll(value) : entriesOf(value).length;
      copied[keyword] = copyKeyword(keyword, value);
    }
    namePatterns.push(...keepSafePatternProperties(copied));
    const limited = [
      ...limitPattern(pattern),
      ...limitFormat(formatName),
      ...(uniqueItems === true ? [{ if: { maxItems: maxUniqueItems }, then: { uniqueItems } }] : []),
    ];
    if (limited.length > 0) copied.allOf = [...(Array.isArray(copied.allOf) ? copied.allOf : []), ...limited];
    return counted(copied, weight, type);
  }

  /** `@cfworker/json-schema` reads `type` once each time it applies the schema, so a getter can count the steps. */
  function counted(copied: Schema, weight: number, type?: unknown): Schema {
    return Object.defineProperty(copied, 'type', {
      enumerable: true,
      get() {
        step(weight);
        return type;
      },
    });
  }

  function copyKeyword(keyword: string, value: unknown): unknown {
    if (dataKeywords.has(keyword)) return value;
    if (!isObject(value)) return copyItem(value);
    if (!mapKeywords.has(keyword)) return copy(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyItem(item)]));
  }

  function copyItem(value: unknown): unknown {
    count();
    if (Array.isArray(value)) return value.map((item: unknown) => copyItem(item));
    return isObject(value) ? copy(value) : value;
  }

  function countAll(value: unknown): number {
    count();
    return entriesOf(value).reduce<number>((sum, item) => sum + countAll(item), 1);
  }

  function limitFormat(name: unknown): Schema[] {
    if (typeof name !== 'string' || !Object.hasOwn(format, name)) return [];
    return [{ if: { maxLength: maxFormatLength }, then: { format: name } }];
  }

  function limitPattern(pattern: unknown): Schema[] {
    if (typeof pattern !== 'string') return [];
    const maxLength = isUnicodePattern(pattern) ? maxMatchLength(pattern) : 0;
    if (maxLength === 0) return [];
    const lengths = [...lengthGroups.filter((length) => length < maxLength), maxLength];
    const ofLength = (length: number): Schema => ({
      if: { maxLength: length },
      then: counted({ pattern }, matchSteps(pattern, length) / matchStepsPerStep),
    });
    return [lengths.map(ofLength).reduceRight((longer, shorter) => ({ ...shorter, else: longer }))];
  }

  return (value) => {
    const { values, names, longestName } = sizeOf(value);
    remaining = Math.min(baseSteps + stepsPerValue * values, maxSteps);
    for (const pattern of namePatterns) step((names * matchSteps(pattern, longestName)) / matchStepsPerStep);
    const { errors } = validator.validate(value);
    const own = errors.filter(({ keyword }) => !applicators.has(keyword));
    return (own.length > 0 ? own : errors).map(({ error, instanceLocation }) => ({
      message: error,
      path: pathOf(instanceLocation),
    }));
  };
}

function entriesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** Counts the values and the property names in a value. */
function sizeOf(value: unknown): { values: number; names: number; longestName: number } {
  const size = { values: 0, names: 0, longestName: 0 };
  const rest = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    size.values++;
    for (const item of entriesOf(next)) rest.push(item);
    if (!isObject(next)) continue;
    for (const name in next) {
      size.names++;
      size.longestName = Math.max(size.longestName, name.length);
    }
  }
  return size;
}

/**
 * Removes patterns that may take exponential time to match. It is then unknown which properties are additional, so the
 * keywords for additional properties are removed as well. Returns the remaining patterns.
 */
function keepSafePatternProperties(schema: Schema): string[] {
  if (!isObject(schema.patternProperties)) return [];
  const entries = Object.entries(schema.patternProperties);
  const safe = entries.filter(([name]) => isUnicodePattern(name) && maxMatchLength(name) > 0);
  if (safe.length < entries.length) {
    schema.patternProperties = Object.fromEntries(safe);
    delete schema.additionalProperties;
    delete schema.unevaluatedProperties;
  }
  return safe.map(([name]) => name);
}

/**
 * Whether a pattern is valid with the `u` flag, which `@cfworker/json-schema` sets. Some patterns are valid only
 * without this flag.
 *
 * @throws `SyntaxError` if the pattern is invalid without the flag as well.
 */
function isUnicodePattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').unicode;
  } catch {
    return new RegExp(pattern).unicode;
  }
}

function draftOf(dialect: unknown): SchemaDraft {
  if (typeof dialect !== 'string') return '2020-12';
  if (/draft-0?4/.test(dialect)) return '4';
  if (/draft-0?[67]/.test(dialect)) return '7';
  return dialect.includes('2019-09') ? '2019-09' : '2020-12';
}

/** Converts a JSON pointer to a path, for example `#/a/0` to `['a', 0]`. */
function pathOf(pointer: string): (string | number)[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return /^\d+$/.test(name) ? Number(name) : name;
  });
}
